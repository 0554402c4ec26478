// `lxm run --data`: a process that is killed again and again, and whatever else happens to a
// folder.
#include <map>
#include <random>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DataFolder : public Lxm {
 protected:
  DataFolder() {
    write("long.lxm", R"(
domain Hub {
  state { n: int  seen: list<int> }
  goal Done { predicate n >= 60000 }
  transition Go {
    n += 1
    if n % 100 == 0 { seen.add(n) }
    send Leaf[n % 50] M(k: n)
  }
}
domain Leaf[id: int] {
  state { sum: int  note: string }
  on M(k: int) { sum += k  note = "leaf " + str(self.id) + " has " + str(sum) }
}
)");
  }
};

TEST_F(DataFolder, KillsMakeNoDifference) {
  const std::string expected = hash_of(lxm("run long.lxm").out);
  ASSERT_NE(expected, "none");
  // LXM_KILLS for more.
  const char* const wanted = std::getenv("LXM_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 40;
  std::mt19937_64 random(2026);
  int killed = 0;
  for (int round = 0; killed < kills; ++round) {
    std::filesystem::remove_all(path("d"));
    Answer answer;
    for (uint64_t attempt = 1; attempt < 500; ++attempt) {
      // The more often it was killed, the longer it may live: a busy machine is slow.
      const double seconds = 0.01 + 0.002 * static_cast<double>(random() % 60 + attempt);
      const std::string sync = random() % 2 == 0 ? "none" : "group";
      answer =
          shell("timeout -s KILL " + std::to_string(seconds) +
                " '" LXM_BINARY "' run long.lxm --data d --snapshot-every 3000 --sync " + sync);
      // Whoever has been killed may have the folder for a moment longer.
      const bool is_gone =
          answer.status != 6 || answer.err.find("belongs to process") == std::string::npos;
      if (is_gone && answer.status != 137) break;
      killed += is_gone ? 1 : 0;
    }
    ASSERT_EQ(answer.status, 0) << round << ": " << answer.err;
    ASSERT_EQ(hash_of(answer.out), expected) << round << ": " << answer.err;
  }
}

TEST_F(DataFolder, GoesOnWhereItWas) {
  const Answer first = lxm("run long.lxm --data d --max-cycles 5000");
  EXPECT_EQ(first.err, "");
  const Answer more = lxm("run long.lxm --data d");
  EXPECT_EQ(hash_of(more.out), hash_of(lxm("run long.lxm").out));
  EXPECT_THAT(more.err, HasSubstr("lxm: d goes on from cycle 5001 with 0 records of the journal"));
  EXPECT_THAT(read("d/program.lxm"), HasSubstr("domain Leaf"));
  // Threads make no difference either.
  std::filesystem::remove_all(path("e"));
  lxm("run long.lxm --data e --max-cycles 7777 --threads 2");
  EXPECT_EQ(hash_of(lxm("run long.lxm --data e").out), hash_of(more.out));
}

TEST_F(DataFolder, PassesOverASnapshotThatIsSpoilt) {
  const std::string expected = hash_of(lxm("run long.lxm --data d --snapshot-every 20000").out);
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(path("d"))) {
    const std::string name = entry.path().filename();
    const bool later =
        name.size() > newest.size() || (name.size() == newest.size() && name > newest);
    if (name.ends_with(".snapshot.json") && later) newest = name;
  }
  std::string text = read("d/" + newest);
  text[text.size() / 2] ^= 1;
  write("d/" + newest, text);
  const Answer again = lxm("run long.lxm --data d --snapshot-every 20000");
  EXPECT_THAT(again.err, HasSubstr("passed over d/" + newest));
  EXPECT_EQ(hash_of(again.out), expected);
}

TEST_F(DataFolder, CanBeAskedLikeATrace) {
  lxm("run long.lxm --data d --snapshot-every 20000 --max-cycles 50000 --quiet");
  lxm("run long.lxm --trace t.lxtrace --max-cycles 50000 --quiet");
  EXPECT_EQ(lxm("why d 'Leaf[7].sum' --at 40000").out,
            lxm("why t.lxtrace 'Leaf[7].sum' --at 40000").out);
  EXPECT_EQ(lxm("log d --from 49000 --to 49010").out,
            lxm("log t.lxtrace --from 49000 --to 49010").out);
  EXPECT_THAT(lxm("replay d").out, HasSubstr("same: "));
  EXPECT_EQ(lxm("inspect d --program").out, read("long.lxm"));
  EXPECT_THAT(lxm("inspect d").out, HasSubstr("records 1 to 2"));
  EXPECT_THAT(lxm("inspect d --query state.sum").out, HasSubstr("Leaf[7]"));
  EXPECT_THAT(lxm("inspect d --query state.none").err, HasSubstr("no instance has `state.none`"));
  EXPECT_THAT(lxm("inspect d --query state.none --json").out,
              StartsWith("{\"error\":\"no instance"))
      << "one value of JSON";
  EXPECT_THAT(lxm("inspect d --json").out, HasSubstr("\"last_record\":2"));
  EXPECT_THAT(lxm("inspect t.lxtrace --query x").err, HasSubstr("about a data folder"));
  EXPECT_THAT(shell("mkdir young && cp d/*.journal d/program.lxm d/run.json young && "
                    "lxm inspect young --query state.sum")
                  .err,
              HasSubstr("young has no good snapshot"));
  std::filesystem::create_directory(path("empty"));
  EXPECT_THAT(lxm("inspect empty").err, HasSubstr("empty has no run; `lxm run PROGRAM.lxm"));
  EXPECT_THAT(lxm("why empty").err, HasSubstr("empty has no run"));
}

// Not only those that were touched since the base of the newest snapshot.
TEST_F(DataFolder, ShowsAllInstances) {
  write("two.lxm", R"(
domain Busy {
  state { n: int }
  goal G { predicate n >= 9000 }
  transition Boot { for i in 0..50 { send Quiet[i] M } }
  transition T { n += 1 }
}
domain Quiet[id: int] { state { x: int } on M { x = self.id } }
)");
  const auto go_on = [&](const std::string& cycles) {
    lxm("run two.lxm --data d --snapshot-every 100 --keep-history --quiet --max-cycles " + cycles);
  };
  for (const std::string cycles : {"500", "1000", "1500", "2000"}) go_on(cycles);
  const std::string shown = lxm("inspect d").out;
  const size_t last = shown.rfind("snapshot ");
  EXPECT_THAT(shown.substr(last), HasSubstr("bytes, on "))
      << "the last is whole, and shows nothing";
  EXPECT_THAT(shown, HasSubstr("  Busy "));
  EXPECT_THAT(shown, HasSubstr("  Quiet[49]           {\"x\":49}\n"));
  EXPECT_THAT(lxm("inspect d --query state.x").out, HasSubstr("Quiet[7]            7\n"));
}

// There is nothing to go on from, and nobody says that the run begins.
TEST_F(DataFolder, WithNoGoodSnapshotAndNoJournalIsAnError) {
  lxm("run long.lxm --data d --snapshot-every 2000 --max-cycles 5000 --quiet");
  std::filesystem::remove(path("d/000000000001.journal"));
  std::map<std::string, std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(path("d"))) {
    const std::string name = "d/" + entry.path().filename().string();
    if (name.ends_with(".snapshot.json")) write(name, read(name) + " ");
    if (!name.ends_with("LOCK")) there[name] = read(name);
  }
  ASSERT_GE(there.size(), 2u);
  const Answer answer = lxm("run long.lxm --data d");
  EXPECT_EQ(answer.status, 6);
  EXPECT_THAT(answer.err, HasSubstr("none of the snapshots in d is good, and there is no journal"));
  for (const std::string words : {"send d 'Hub M'", "letters d", "log d"}) {
    EXPECT_NE(lxm(words).status, 0) << words;
  }
  for (const auto& entry : std::filesystem::directory_iterator(path("d"))) {
    const std::string name = "d/" + entry.path().filename().string();
    if (name.ends_with("LOCK")) continue;
    ASSERT_TRUE(there.contains(name)) << name;
    EXPECT_EQ(read(name), there[name]) << name;
  }
}

constexpr const char* kTill = R"(
domain Till {
  state { sold: int  note: string }
  on Sell(n: int) { sold += n }
  on Note(text: string) { note = text }
}
)";

// And not the file into which its past was run again, which is gone.
TEST_F(DataFolder, IsWhatAForkOfItIsComparedWith) {
  write("till.lxm", kTill);
  EXPECT_EQ(lxm("run till.lxm --data d --send 'Till Sell(n: 1)'").status, 0);
  const Answer forked = lxm("fork d --at 1 --set Till.sold=5 --to f.lxtrace");
  EXPECT_THAT(forked.out, HasSubstr("`lxm diff d f.lxtrace`")) << forked.err;
}

TEST_F(DataFolder, IsServed) {
  write("till.lxm", kTill);
  const Answer answer = with_service(R"(
serve till.lxm < <(printf '{"to": "Till", "message": "Sell", "args": {"n": 5}}\nnonsense\n')
lxm send d 'Till Sell(n: 2)'
lxm send d '{"to": "Till", "message": "Sell", "args": {"n": 3}}'
lxm send d 'Till Buy' || echo "status $?"
until lxm status d --json | grep -q '"inputs":3'; do sleep 0.02; done
lxm run till.lxm --data d || echo "status $?"
kill -TERM $(cat d/LOCK)
wait $service && echo "ended with 0"
lxm status d
lxm inspect d --query state.sold
)");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("durable, as input"));
  EXPECT_THAT(answer.out, HasSubstr("Till                10\n"));
  EXPECT_THAT(answer.out, HasSubstr("ended with 0"));
  EXPECT_THAT(answer.out, HasSubstr("serving       false"));
  EXPECT_THAT(answer.err, HasSubstr("`Till` takes no message `Buy`"));
  EXPECT_THAT(answer.err, HasSubstr("standard input:2: "));
  EXPECT_THAT(answer.err, HasSubstr("d belongs to process "));
  EXPECT_THAT(lxm("send d 'Till Sell(n: 1)'").out,
              HasSubstr("durable, as input 4; nobody runs d, and it arrives when somebody does"));
  EXPECT_THAT(lxm("run till.lxm --data d").out, HasSubstr("converged"));
  EXPECT_EQ(lxm("inspect d --query state.sold").out, "Till                11\n");
  EXPECT_THAT(lxm("send nowhere 'Till Sell(n: 1)'").err, HasSubstr("nowhere has no run"));
}

// The last line counts as well, with or without its end, and one that is too long is told once.
TEST_F(DataFolder, IsServedLinesOfEveryLength) {
  write("till.lxm", kTill);
  const Answer answer = with_service(R"(
zeros() { head -c 3000000 /dev/zero | tr '\\0' 0; }
serve till.lxm < <(printf 'Till Sell(n: 5)\n\n'; zeros; printf '\nTill Sell(n: 2)\n'; printf 'Till Sell(n: 30)')
until lxm status d --json | grep -q '"inputs":3'; do sleep 0.02; done
stop
serve till.lxm < <(zeros)
stop
lxm inspect d --query state.sold
)");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("Till                37\n"));
  EXPECT_THAT(answer.err, HasSubstr("standard input:3: a line is longer than anything"));
  EXPECT_THAT(answer.err, testing::Not(HasSubstr("standard input:4")));
}

TEST_F(DataFolder, IsServedByHttp) {
  if (shell("command -v curl").status != 0) GTEST_SKIP() << "there is no curl";
  write("till.lxm", kTill);
  write("token", "secret\n");
  const Answer answer = with_service(R"(
serve till.lxm --listen 0 --token-file token 2>err
port=$(grep -o '127.0.0.1:[0-9]*' err)
post() { curl -g -s -w ' %{http_code}\n' -X POST -H "Authorization: Bearer $1" "http://$port/$2" --data-binary "$3"; }
post secret Till/Sell '{"n": 4}'
post wrong Till/Sell '{"n": 4}'
post secret Till/Sel '{"n": 4}'
post secret Till/Sell '{"n": "four"}'
post secret Till/Sell 'noise'
post secret Till '{}'
lxm run till.lxm --data other --serve --listen $port </dev/null || echo "taken, $?"
big=$(head -c 100000 /dev/zero | tr '\\0' x)
post secret Till/Note "{\"text\": \"$big\"}"
deep=$(head -c 20000 /dev/zero | tr '\\0' '[')
post secret Till/Sell "{\"n\": $deep$(echo "$deep" | tr '[' ']')}"
post secret Till/Sell '{"n": 1e999}'
head -c 2000000 /dev/zero > zeros
curl -g -s -o /dev/null -w 'in pieces %{http_code}\n' -X POST -H "Authorization: Bearer secret" -H 'Transfer-Encoding: chunked' "http://$port/Till/Sell" --data-binary @zeros
curl -g -s -o /dev/null -w '%{http_code}\n' -X POST -H "Authorization: Bearer secret" "http://$port/Till/Sell" --data-binary @zeros
curl -s -H "Authorization: Bearer secret" "http://$port/status"
stop
lxm inspect d --query state.sold
)");
  EXPECT_EQ(answer.status, 0) << answer.err << read("err");
  EXPECT_THAT(answer.out, HasSubstr("{\"input\": 1}\n 202"));
  EXPECT_THAT(answer.out, HasSubstr("Bearer TOKEN\"}\n 401"));
  EXPECT_THAT(answer.out, HasSubstr("did you mean `Sell`?\"}\n 400"));
  EXPECT_THAT(answer.out, HasSubstr("`n` of `Sell` is an int"));
  EXPECT_THAT(answer.out, HasSubstr("JSON object of arguments\"}\n 400"));
  EXPECT_THAT(answer.out, HasSubstr(" 404\ntaken, 6\n"));
  EXPECT_THAT(answer.out, HasSubstr("{\"input\": 2}\n 202"));
  EXPECT_THAT(answer.out, HasSubstr("in pieces 413\n413\n"));
  EXPECT_THAT(answer.out, HasSubstr("\"inputs\":2"));
  EXPECT_THAT(answer.out, HasSubstr("Till                4\n"));
}

// It would go round for as long as nobody sends anything.
TEST_F(DataFolder, ALoopRestsWhileItIsServed) {
  write("loop.lxm", "domain A { on Ping { send B Pong } }\ndomain B { on Pong { send A Ping } }\n");
  const Answer answer = with_service(R"(
serve loop.lxm --max-cycles 0
lxm send d 'A Ping'
sleep 0.5
lxm send d 'B Pong'
lxm status d --json | grep -o '"cycle":[0-9]*'
stop
)");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("durable, as input 2\n"));
  EXPECT_THAT(answer.out, HasSubstr("ended with 0"));
  const size_t at = answer.out.find("\"cycle\":");
  ASSERT_NE(at, std::string::npos) << answer.out;
  const unsigned long cycles = std::stoul(answer.out.substr(at + 8));
  EXPECT_GT(cycles, 0u);
  EXPECT_LT(cycles, 10'000u);
}

// Whoever was told that a message is durable finds it there, whatever has killed the service.
TEST_F(DataFolder, ServesAcrossKills) {
  write("till.lxm", kTill);
  const Answer answer = with_service(R"(
acks=0
for round in 1 2 3 4 5 6 7 8; do
  serve till.lxm --sync group 2>/dev/null
  (sleep 0.0$((RANDOM % 9 + 1)); kill -9 $service) &
  while kill -0 $service && lxm send d 'Till Sell(n: 1)'; do acks=$((acks + 1)); done >/dev/null 2>&1
  wait $service 2>/dev/null
done
lxm run till.lxm --data d --quiet
echo "acks $acks"
lxm inspect d --query state.sold
)");
  ASSERT_EQ(answer.status, 0) << answer.err;
  unsigned long acks = 0;
  unsigned long sold = 0;
  ASSERT_EQ(std::sscanf(answer.out.c_str(), "acks %lu Till %lu", &acks, &sold), 2) << answer.out;
  EXPECT_GT(acks, 0u);
  EXPECT_GE(sold, acks);
  EXPECT_LE(sold, acks + 8) << "of each kill, one at most was durable and could not be told";
}

TEST_F(DataFolder, SaysWhatIsWrong) {
  write("other.lxm", "domain D { state { x: int } }\n");
  ASSERT_EQ(lxm("run long.lxm --data d --max-cycles 10 --quiet").status, 5);
  EXPECT_THAT(lxm("run other.lxm --data d").err,
              HasSubstr("`lxm upgrade d other.lxm` lets it go on"));
  EXPECT_THAT(lxm("run long.lxm --data d --set Hub.n=3").err,
              HasSubstr("began with other start values"));
  EXPECT_THAT(lxm("run long.lxm --data d --trace t.lxtrace").err,
              HasSubstr("--trace records from the start"));
  EXPECT_THAT(lxm("run long.lxm --sync always").err, HasSubstr("are about --data DIR"));
  EXPECT_THAT(lxm("run long.lxm --data d --sync often").err,
              HasSubstr("it is always, group or none"));
  EXPECT_THAT(lxm("run long.lxm --data long.lxm").err, HasSubstr("long.lxm"));
  EXPECT_THAT(lxm("run long.lxm --data d --listen 80").err, HasSubstr("are about --serve"));
  EXPECT_THAT(lxm("run long.lxm --data d --serve --listen nowhere").err, HasSubstr("is no place"));
  // A trace is left alone when the folder cannot be had.
  lxm("run other.lxm --trace kept.lxtrace --quiet");
  const std::string trace = read("kept.lxtrace");
  std::filesystem::create_directory(path("e"));
  ASSERT_EQ(lxm("run long.lxm --data e --max-cycles 10 --quiet").status, 5);
  for (const auto& entry : std::filesystem::directory_iterator(path("e"))) {
    if (entry.path().string().ends_with(".snapshot.json")) std::filesystem::remove(entry.path());
  }
  EXPECT_THAT(lxm("run other.lxm --data e --trace kept.lxtrace").err,
              HasSubstr("is of another program"));
  EXPECT_EQ(read("kept.lxtrace"), trace);
  EXPECT_EQ(lxm("run other.lxm --data g --trace kept.lxtrace --quiet").status, 0);
  EXPECT_NE(read("kept.lxtrace"), trace);
  EXPECT_EQ(lxm("replay kept.lxtrace").status, 0);
  // Somebody else has it.
  write("forever.lxm",
        "domain D { state { x: int } goal G { predicate x < 0 } transition T { x += 1 } }\n");
  const Answer two = shell("timeout 20 '" LXM_BINARY
                           "' run forever.lxm --data f --max-cycles 0 & first=$!; "
                           "while [ ! -s f/LOCK ]; do sleep 0.01; done; "
                           "lxm run forever.lxm --data f; kill $first; wait");
  EXPECT_THAT(two.err, HasSubstr("f belongs to process "));
  // The journal is spoilt where it is not torn.
  std::string journal = read("d/000000000001.journal");
  journal[40] = static_cast<char>(journal[40] ^ 4);
  write("d/000000000001.journal", journal);
  for (const auto& entry : std::filesystem::directory_iterator(path("d"))) {
    if (entry.path().string().ends_with(".snapshot.json")) std::filesystem::remove(entry.path());
  }
  const Answer damaged = lxm("run long.lxm --data d");
  EXPECT_THAT(damaged.err, HasSubstr("d/000000000001.journal is damaged at byte"));
  EXPECT_EQ(read("d/000000000001.journal"), journal) << "nothing is touched";
}

}  // namespace
}  // namespace lexum
