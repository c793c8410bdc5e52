#!/bin/sh
# Puts HomeMedia into the menu of this user and on the path; with --remove takes it out again. The program stays where it
# was unpacked, and no data is touched by either.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/homemedia.desktop
icon=$data/icons/hicolor/scalable/apps/homemedia.svg
link=$HOME/.local/bin/homemedia

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    if [ "$(readlink "$link" 2>/dev/null)" = "$here/homemedia" ]; then
        rm -f "$link"
    fi
    if [ -e "${XDG_CONFIG_HOME:-$HOME/.config}/autostart/homemedia.desktop" ]; then
        "$here/homemedia" autostart off || true
    fi
    echo "HomeMedia is out of the menu. $here and what it keeps in $data/homemedia are left."
    exit 0
fi

mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$link")"
cp "$here/share/homemedia.svg" "$icon"
if [ -e "$link" ] && [ ! -L "$link" ]; then
    echo "$link is there already and is left as it is."
else
    ln -sfn "$here/homemedia" "$link"
fi
# The menu need not know the path. Signs that mean something there, to a quoted word of its own and to sed, mean themselves.
value() { sed -e 's/\\/\\\\/g' | sed -e 's/[\\&|]/\\&/g'; }
run=$(printf '%s' "$here" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' | value)
try=$(printf '%s' "$here" | value)
sed -e "s|^Exec=homemedia|Exec=\"$run/homemedia\"|" -e "s|^TryExec=.*|TryExec=$try/homemedia|" \
    "$here/share/homemedia.desktop" >"$entry"
echo "HomeMedia is in the menu. With the computer it starts by: $here/homemedia autostart on"
