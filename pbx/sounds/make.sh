#!/bin/sh
# `make.sh TARGET`: the announcements of texts.json for a container, as src/runtime/announcements.ts makes them for npm start.
# A recorded file drops in by its name: sv/welcome.wav.
set -eu
here=$(dirname "$0")
target=$1
# Silence off the beginning, then off the end (which sox can only do backwards), and a breath to the next word.
start='silence 1 0.01 0.5%'
trimmed="$start reverse $start reverse pad 0 0.04"
for language in $(jq -r 'keys[]' "$here/texts.json"); do
  mkdir -p "$target/$language"
  voice=$(jq -r ".$language.voice" "$here/texts.json")
  for group in texts pieces; do
    for name in $(jq -r ".$language.$group | keys[]" "$here/texts.json"); do
      raw=$here/$language/$name.wav
      effects=
      if [ ! -f "$raw" ]; then
        raw=$target/raw.wav
        espeak-ng -v "$voice" -s 150 -w "$raw" "$(jq -r ".$language.$group[\"$name\"]" "$here/texts.json")"
        [ $group = texts ] || effects=$trimmed
      fi
      for rate in 8000 16000; do
        end=wav
        [ $rate = 8000 ] || end=wav16
        # shellcheck disable=SC2086  # the effects are several words
        sox "$raw" -t wav -r $rate -c 1 -b 16 "$target/$language/$name.$end" $effects gain -n -6
      done
    done
  done
done
rm -f "$target/raw.wav"
# For pages: what each of them says.
jq -n --rawfile text "$here/texts.json" '{ text: $text }' >"$target/placeholder.json"
