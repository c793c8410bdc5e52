// The bar is loaded when there is music to show in it; most windows never play any.
let loading = null;

export const showBar = () => (loading ??= import('./bar.js'));
