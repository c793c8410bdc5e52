#!/usr/bin/env bash
# The disk image a Mac's user opens: the program and, beside it, the folder it is dragged to. Runs on macOS only.
#
#   packaging/macos/make_dmg.sh [dist/HomeMedia.app] [dist/homemedia-VERSION-macos-ARCH.dmg]
#
# Signed and notarised only where these are set (README.md beside this file); otherwise the bundle is signed "ad hoc", which
# Apple silicon asks of every program:
#   SIGN_AS         the identity, as "Developer ID Application: Name (TEAM)"
#   NOTARY_PROFILE  what `xcrun notarytool store-credentials` was told to call the account
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
app="${1:-dist/HomeMedia.app}"

fail() {
    echo "make_dmg: $1" >&2
    exit 1
}

[ "$(uname -s)" = Darwin ] || fail "a disk image can be made on macOS only (hdiutil)"
[ -d "$app" ] || fail "there is no $app; build it first: python packaging/build.py"

version="$(/usr/libexec/PlistBuddy -c 'Print :CFBundleShortVersionString' "$app/Contents/Info.plist")"
image="${2:-dist/homemedia-$version-macos-$(uname -m).dmg}"

sign=(codesign --force --sign "${SIGN_AS:--}")
if [ -n "${SIGN_AS:-}" ]; then
    sign+=(--timestamp --options runtime --entitlements "$here/entitlements.plist")
fi
# From the inside out: the bundle's signature covers what was signed before. ffmpeg is a program of its own in there.
while IFS= read -r -d '' file; do
    if file -b "$file" | grep -q '^Mach-O'; then
        "${sign[@]}" "$file"
    fi
done < <(find "$app/Contents" -type f -print0)
"${sign[@]}" "$app"
codesign --verify --deep --strict "$app"

stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
ditto "$app" "$stage/$(basename "$app")"
ln -s /Applications "$stage/Applications"
rm -f "$image"
# Spotlight may still hold a volume of a run before: a second try is what works.
for try in 1 2 3; do
    if hdiutil create -volname HomeMedia -srcfolder "$stage" -fs HFS+ -format UDZO -imagekey zlib-level=9 -ov "$image"; then
        break
    fi
    [ "$try" -lt 3 ] || fail "hdiutil made no image"
    sleep 5
done

if [ -n "${SIGN_AS:-}" ]; then
    codesign --force --sign "$SIGN_AS" --timestamp "$image"
fi
if [ -n "${NOTARY_PROFILE:-}" ]; then
    [ -n "${SIGN_AS:-}" ] || fail "only what is signed can be notarised: set SIGN_AS"
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
hdiutil verify "$image"
echo "$image"
