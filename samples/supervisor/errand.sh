# What start, check and stop have in common: they read who is meant from their line of JSON, like
# {"adapter":"Process","operation":"Start","key":"…","args":{"id":7}}, and take turns for each worker.
set -eu
id=$(sed -n 's/.*"args":{"id":\([0-9][0-9]*\)}}$/\1/p')
[ -n "$id" ] || { echo "this is no errand for a worker" >&2; exit 1; }
mkdir -p workers
worker=workers/$id
exec 9>"$worker.turn"
flock 9

is_gone() { flock -n -s "$worker.lock" true; } # shared: those who ask do not disturb each other

# An errand that was carried out and comes again, since the supervisor died before it heard of it,
# has the same key. So has the first one, if that supervisor left it behind and it is late.
was_done() { [ "$(cat "$worker.done" 2>/dev/null)" = "$LEXUM_KEY" ]; }
note_done() { echo "$LEXUM_KEY" >"$worker.done"; }
