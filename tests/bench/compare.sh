#!/bin/bash
# Measures Lexum beside Erlang, the C++ Actor Framework and Lua, all in turn and several times over,
# and prints a table: what, its goal, our figure, the peer's, their ratio, and whether it is reached.
# The figures are medians; a ratio is the median of the ratios of each round, since what slows the
# machine down for a while slows both sides down.
#
#   tests/bench/compare.sh [--install] [--runs N]
#
# --install gets the peers and tools from Debian first (as root, or with sudo).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build-bench
packages=(erlang-base erlang-dev erlang-runtime-tools libcaf-dev lua5.4 libbenchmark-dev libsqlite3-dev hyperfine)
runs=5

fail() { echo "compare.sh: $*" >&2; exit 1; }

install_packages() {
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y --no-install-recommends \
    "${packages[@]}"
}

while [ $# -gt 0 ]; do
  case $1 in
    --install) install_packages ;;
    --runs) runs=${2:?--runs needs a number}; shift ;;
    *) fail "unknown option $1; usage: compare.sh [--install] [--runs N]" ;;
  esac
  shift
done

for tool in erlc erl lua5.4 hyperfine cmake g++; do
  command -v "$tool" > /dev/null || fail "$tool is missing; --install gets it"
done
[ -e /usr/include/caf/all.hpp ] || fail "libcaf-dev is missing; --install gets it"

# ---- build

# Compiled as the program that people run, not as the fastest that could be made of it.
(cd "$root" && cmake --preset bench > /dev/null)
ninja -C "$build" lxm message_bench eval_bench growth_bench threads_bench memory_bench > /dev/null
out=$build/compare
mkdir -p "$out"
erlc -o "$out" "$here/peers/actors.erl"
if [ "$here/peers/actors.cpp" -nt "$out/actors" ]; then
  g++ -O2 -std=c++17 "$here/peers/actors.cpp" -o "$out/actors" -lcaf_core -pthread
fi

# A program of a megabyte: one domain again and again, or one domain with a great many handlers.
domains() {
  awk 'BEGIN { for (i = 0; bytes < 1e6; ++i) {
    text = sprintf("domain Stage%d {\n  state {\n    count: int\n    name: string\n  }\n\n" \
      "  goal Done {\n    predicate count >= %d && name != \"\"\n  }\n\n" \
      "  on Next(n: int, name: string) {\n    let sum = count + n * 2\n" \
      "    if sum > count && name != state.name {\n      count = sum\n" \
      "      state.name = name + \"-%d\"\n    }\n  }\n\n  transition Work {\n" \
      "    if count < 10 {\n      count += 1\n      send Stage%d Next(n: count, name: \"x\")\n" \
      "    }\n  }\n}\n\n", i, i, i, i - i % 2)
    bytes += length(text); printf "%s", text } }'
}
handlers() {
  awk 'BEGIN { printf "domain Large {\n  state {\n    count: int\n  }\n"
    for (i = 0; bytes < 1e6; ++i) {
      text = sprintf("\n  on Step%d(n: int) {\n    if n > %d {\n      count += n * 3 - %d\n" \
        "    } else {\n      log \"step \" + str(n)\n    }\n  }\n", i, i, i)
      bytes += length(text); printf "%s", text }
    print "}" }'
}
domains > "$out/domains.lxm"
handlers > "$out/handlers.lxm"

# ---- measure: every figure is a line `round name value` in $figures

figures=$out/figures
: > "$figures"
round=0

note() { echo "$round $1 $2" >> "$figures"; }

# What Google Benchmark says, as NAME.counter.
ours() { # PROGRAM FILTER
  "$build/$1" --benchmark_filter="$2" --benchmark_format=json > "$out/ours.json" \
    2> "$out/ours.log" || fail "$1 $2: $(tail -n 1 "$out/ours.log")"
  awk -v round="$round" '
      /"error_message"/ { print "compare.sh: " name ": " $0 > "/dev/stderr"; exit 1 }
      match($0, /"[a-z_]+": /) {
        key = substr($0, RSTART + 1, RLENGTH - 4)
        value = substr($0, RSTART + RLENGTH)
        gsub(/[",]/, "", value)
        if (key == "name") { name = value; sub(/\/iterations:.*/, "", name) }
        else if (name != "" && value ~ /^[-+.0-9e]+$/) print round, name "." key, value
      }' "$out/ours.json" >> "$figures"
}

erlang() { # WHAT MESSAGES KEEP NAME
  local value
  value=$(erl +S 1 -noshell -pa "$out" -s actors main "$1" "$2" "$3" | awk '$1 == "M" { print $3 }')
  note "$4" "$value"
  rm -f "$out/erlang.trace"
}

caf() { note "caf/$1" "$("$out/actors" "$1" 1000000 | awk '{ print $3 }')"; }

# CPU time of a turn, from the difference of two runs, so that starting up does not count.
lua() { # WHAT
  local TIMEFORMAT='%U %S' less more
  less=$({ time lua5.4 "$here/peers/loops.lua" "$1" 500000; } 2>&1)
  more=$({ time lua5.4 "$here/peers/loops.lua" "$1" 5000000; } 2>&1)
  note "lua/$1" "$(echo "$less $more" | awk '{ print ($3 + $4 - $1 - $2) * 1e9 / 4500000 }')"
}

wall_ms() { # NAME STARTS COMMAND…
  local name=$1 starts=$2
  shift 2
  hyperfine -N -i --warmup 1 --runs "$starts" --export-json "$out/hyperfine.json" "$*" \
    > /dev/null 2>&1
  note "$name" "$(awk -F'[:,]' '/"median"/ { print $2 * 1000; exit }' "$out/hyperfine.json")"
}

measure_once() {
  local what
  for what in ping_pong ring fan_in; do
    ours message_bench "^$what/(unrecorded|recorded)"
    erlang "$what" 1000000 none "erlang/$what"
    caf "$what"
    erlang "$what" 200000 "$out/erlang.trace" "erlang_traced/$what"
  done
  ours message_bench '^mixed/(unrecorded|recorded)'
  for what in guarded dispatch; do
    ours message_bench "^$what/unrecorded"
    ours eval_bench "^workload/$what"
    lua "$what"
  done
  ours message_bench '^count_by_(loop|goal)/unrecorded'
  lua counter
  ours growth_bench .
  ours threads_bench .
  ours memory_bench .
  wall_ms check/domains 3 "$build/lxm" check "$out/domains.lxm"
  wall_ms check/handlers 3 "$build/lxm" check "$out/handlers.lxm"
  wall_ms start/lxm 40 "$build/lxm" run --quiet "$here/programs/nothing.lxm"
  wall_ms start/lua 40 lua5.4 -e "''"
}

# Round 0 warms up and does not count.
for ((round = 0; round <= runs; ++round)); do
  echo "round $round of $runs" >&2
  measure_once
done

# ---- tell

# what | goal | unit | ours, of which a second one is taken away | peer
# With a peer, `>=` wants so many times its speed and `<=` so much of its time; without, the figure
# itself is compared.
rows() {
  cat << 'ROWS'
ring of 1,000, unrecorded: Erlang | >= 3 | ns | ring/unrecorded.ns | erlang/ring
ping-pong, unrecorded: Erlang | >= 3 | ns | ping_pong/unrecorded.ns | erlang/ping_pong
ring of 1,000, recorded: Erlang untraced | >= 2 | ns | ring/recorded.ns | erlang/ring
ping-pong, recorded: Erlang untraced | >= 2 | ns | ping_pong/recorded.ns | erlang/ping_pong
fan-in of 100, recorded: CAF | >= 1.3 | ns | fan_in/recorded.ns | caf/fan_in
recording, running thread (ring) | <= 40 | ns | ring/recorded.cycle_thread_ns ring/unrecorded.cycle_thread_ns |
recording, CPU in all (ring) | <= 120 | ns | ring/recorded.cycle_cpu_ns ring/unrecorded.cycle_cpu_ns |
recording, running thread (mixed) | <= 40 | ns | mixed/recorded.cycle_thread_ns mixed/unrecorded.cycle_thread_ns |
recording, CPU in all (mixed) | <= 120 | ns | mixed/recorded.cycle_cpu_ns mixed/unrecorded.cycle_cpu_ns |
guarded transition, whole cycle: Lua | <= 0.8 | ns | guarded/unrecorded.thread_ns | lua/guarded
guarded transition, slice alone: Lua | <= 0.8 | ns | workload/guarded.cpu_time | lua/guarded
counter loop, `for`: Lua | <= 1.0 | ns | count_by_loop/unrecorded.thread_ns | lua/counter
dispatch by message, whole cycle: Lua | <= 0.5 | ns | dispatch/unrecorded.thread_ns | lua/dispatch
dispatch by message, slice alone: Lua | <= 0.5 | ns | workload/dispatch.cpu_time | lua/dispatch
trace of the mixed program, a cycle | <= 12 | B | mixed/recorded.bytes_per_cycle |
trace of the ring, a cycle | <= 2 | B | ring/recorded.bytes_per_cycle |
a million instances, recorded, peak | <= 1000 | MB | million.peak_mb |
999,990 asleep: 0 asleep, unrecorded | <= 1.1 | ns | asleep/unrecorded/1000000.cycle_thread_ns | asleep/unrecorded/10.cycle_thread_ns
999,990 asleep: 0 asleep, recorded | <= 1.1 | ns | asleep/recorded/1000000.cycle_thread_ns | asleep/recorded/10.cycle_thread_ns
late: early in the run, unrecorded | <= 1.1 | × | age/unrecorded.late_to_early |
late: early in the run, recorded | <= 1.1 | × | age/recorded.late_to_early |
one entry of 1,000,000: of 1,000 | <= 10 | ns | one_entry/unrecorded/1000000.cycle_thread_ns | one_entry/unrecorded/1000.cycle_thread_ns
two threads, slices of 1 turn | >= 1.7 | × | two_threads/1.speedup |
two threads, slices of 10 turns | >= 1.7 | × | two_threads/10.speedup |
two threads, slices of 100 turns | >= 1.7 | × | two_threads/100.speedup |
two threads, slices of 1,000 turns | >= 1.7 | × | two_threads/1000.speedup |
check 1 MB of domains | <= 200 | ms | check/domains |
check 1 MB of handlers | <= 200 | ms | check/handlers |
start-up: Lua | <= 3 | ms | start/lxm | start/lua
ring, recorded: Erlang traced | | ns | ring/recorded.ns | erlang_traced/ring
ping-pong, recorded: Erlang traced | | ns | ping_pong/recorded.ns | erlang_traced/ping_pong
fan-in of 100, recorded: Erlang | | ns | fan_in/recorded.ns | erlang/fan_in
fan-in of 100, recorded: Erlang traced | | ns | fan_in/recorded.ns | erlang_traced/fan_in
ring of 1,000, unrecorded: CAF | | ns | ring/unrecorded.ns | caf/ring
ping-pong, unrecorded: CAF | | ns | ping_pong/unrecorded.ns | caf/ping_pong
counter loop, a cycle a turn: Lua | | ns | count_by_goal/unrecorded.thread_ns | lua/counter
ROWS
}

table() {
  echo "| what: peer | goal | ours | peer | ratio | reached |"
  echo "| --- | ---: | ---: | ---: | ---: | --- |"
  rows | awk -F' *[|] *' -v figures="$figures" -v runs="$runs" '
    function median(values, n,   i, j, t) {
      for (i = 2; i <= n; ++i)
        for (j = i; j > 1 && values[j - 1] > values[j]; --j) {
          t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
        }
      return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
    }
    function shown(x) {
      return sprintf(x >= 100 || x <= -100 ? "%.0f" : x >= 10 || x <= -10 ? "%.1f" : "%.2f", x)
    }
    BEGIN {
      while ((getline line < figures) > 0) {
        split(line, part, " ")
        figure[part[1], part[2]] = part[3]
        known[part[2]] = 1
      }
    }
    {
      what = $1; unit = $3; count = split($4, mine, " "); peer = $5
      split($2, goal, " ")
      if (!(mine[1] in known) || (count == 2 && !(mine[2] in known)) ||
          (peer != "" && !(peer in known))) {
        printf "| %s | %s | – | – | – | not measured |\n", what, $2
        next
      }
      for (i = 1; i <= runs; ++i) {
        a[i] = figure[i, mine[1]] - (count == 2 ? figure[i, mine[2]] : 0)
        if (peer != "") {
          b[i] = figure[i, peer]
          r[i] = goal[1] == "<=" ? a[i] / b[i] : b[i] / a[i]
        }
      }
      value = median(a, runs)
      ratio = peer != "" ? median(r, runs) : value
      reached = goal[1] == "" ? "" \
        : (goal[1] == "<=" ? ratio <= goal[2] : ratio >= goal[2]) ? "yes" : "**no**"
      printf "| %s | %s%s | %s %s | %s | %s | %s |\n", what,
        goal[1] == "<=" ? "≤ " : goal[1] == ">=" ? "≥ " : "", goal[2] (peer == "" ? " " unit : ""),
        shown(value), unit, peer != "" ? shown(median(b, runs)) " " unit : "",
        peer != "" ? shown(ratio) : "", reached
    }'
}

table | tee "$out/table.md"
