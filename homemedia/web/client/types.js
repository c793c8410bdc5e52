// Shapes of the API's answers, for editors; nothing is exported at run time. Source: the watch API document.

/** @typedef {'movie'|'show'|'season'|'episode'|'video'|'artist'|'album'|'track'} ItemType */
/** @typedef {'movie'|'show'|'video'|'music'|'photo'} LibraryType */

/**
 * @typedef {object} User
 * @property {string} id
 * @property {string} username
 * @property {string|null} displayName
 * @property {string|null} email
 * @property {boolean} isAdmin
 * @property {boolean} enabled
 * @property {'active'|'pending'|'disabled'} state
 * @property {number} createdAt Unix seconds, like every …At
 * @property {number|null} lastSeenAt
 * @property {number|null} expiresAt
 * @property {'all'|string[]} libraries
 * @property {boolean} hasPassword
 */

/**
 * @typedef {object} Library
 * @property {string} id
 * @property {string} name
 * @property {LibraryType} type
 * @property {number} itemCount
 * @property {string} language
 * @property {boolean} scanning
 * @property {number|null} lastScanAt
 * @property {string|null} thumb
 * @property {string[]} [paths] administrators only, as `options` and `available`
 * @property {object} [options]
 * @property {boolean} [available]
 */

/**
 * @typedef {object} Summary an item in a list
 * @property {string} id the rating key
 * @property {ItemType} type
 * @property {string} title
 * @property {string|null} originalTitle
 * @property {string} sortTitle
 * @property {number|null} year
 * @property {string|null} summary
 * @property {string|null} thumb address of the poster or still
 * @property {string|null} thumbTag
 * @property {'poster'|'still'|'cover'|null} thumbKind
 * @property {string|null} thumbTone '#rrggbb', the picture's own dark tone
 * @property {[number, number]|null} thumbPoint point of interest, 0–1
 * @property {string|null} art
 * @property {string|null} artTag
 * @property {number} addedAt
 * @property {number|null} rating
 * @property {string|null} contentRating
 * @property {number|null} duration milliseconds
 * @property {string[]} genres
 * @property {string|null} releaseDate YYYY-MM-DD
 * @property {string} libraryId
 * @property {boolean} watched
 * @property {number} viewOffset milliseconds
 * @property {number} viewCount
 * @property {number|null} lastViewedAt
 * @property {boolean} watchlisted
 * @property {boolean} matched
 * @property {number} [seasonCount] shows
 * @property {number} [episodeCount] shows and seasons
 * @property {number} [unwatchedCount]
 * @property {number} [index] seasons and episodes
 * @property {number} [indexEnd] episodes, with the following
 * @property {number} [parentIndex]
 * @property {string} [parentId]
 * @property {string} [grandparentId]
 * @property {string} [grandparentTitle]
 * @property {string} [airDate]
 * @property {string|null} [grandparentThumb]
 * @property {boolean} [available]
 */

/**
 * @typedef {object} MediaFile
 * @property {number} id
 * @property {string} streamUrl
 * @property {string} container
 * @property {string|null} videoCodec
 * @property {string|null} audioCodec
 * @property {string|null} videoResolution
 * @property {number|null} width
 * @property {number|null} height
 * @property {number|null} duration milliseconds
 * @property {number} size bytes
 * @property {number|null} bitrate bits per second
 * @property {string|null} version
 * @property {number} versionIndex
 * @property {number} part
 * @property {number} partCount
 * @property {string} hdr
 * @property {number|null} audioChannels
 * @property {string[]} audioLanguages
 * @property {string[]} subtitleLanguages
 * @property {boolean} available
 */

/**
 * @typedef {object} Page a list answer
 * @property {Summary[]} items
 * @property {number} totalCount
 * @property {number} offset
 * @property {number} limit
 * @property {Record<string, number>} [letters]
 */

/**
 * @typedef {object} ServerInfo
 * @property {string} name
 * @property {string} version
 * @property {string} platform
 * @property {boolean} setupRequired
 * @property {{password: boolean, cloud: boolean, cloudName: string|null}} auth
 */

/**
 * @typedef {object} Problem what every error answers
 * @property {string} error
 * @property {string} message a sentence for a person
 * @property {number} statusCode
 * @property {string} code stable name
 * @property {{field?: string, reason?: string}[]} details
 */

export {};
