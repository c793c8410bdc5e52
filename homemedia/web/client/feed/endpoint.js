// Addresses that other apps are given.

/** What shortcuts of phones send links to. @param {string} token */
export const endpoint = (token) => `${location.origin}/api/clips/share?token=${encodeURIComponent(token)}`;

/** Opens the page for sending with the link of the page it is pressed on. */
export const bookmarklet = () => `javascript:void(open('${location.origin}/feed/add?url='+encodeURIComponent(location.href)+'&title='+encodeURIComponent(document.title)))`;
