#!/bin/sh
# `make.sh TARGET`: the announcements of texts.json for a container, as src/runtime/announcements.ts makes them for npm start.
# A recorded file drops in by its name: sv/welcome.wav.
set -eu
here=$(dirname "$0")
target=$1
for language in $(jq -r 'keys[]' "$here/texts.json"); do
  mkdir -p "$target/$language"
  voice=$(jq -r ".$language.voice" "$here/texts.json")
  for name in $(jq -r ".$language.texts | keys[]" "$here/texts.json"); do
    raw=$here/$language/$name.wav
    if [ ! -f "$raw" ]; then
      raw=$target/raw.wav
      espeak-ng -v "$voice" -s 150 -w "$raw" "$(jq -r ".$language.texts[\"$name\"]" "$here/texts.json")"
    fi
    for rate in 8000 16000; do
      end=wav
      [ $rate = 8000 ] || end=wav16
      sox "$raw" -t wav -r $rate -c 1 -b 16 "$target/$language/$name.$end" gain -n -6
    done
  done
done
rm -f "$target/raw.wav"
