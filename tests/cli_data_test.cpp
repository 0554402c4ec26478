// `lxm run --data`: a process that is killed again and again, and whatever else happens to a
// folder.
#include <random>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;

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
  std::string hash_of(const std::string& out) {
    const size_t at = out.find("run_hash ");
    return at == std::string::npos ? "none" : out.substr(at, 75);
  }
  // What bash does with the lines, in which `lxm` is the program; `serve PROGRAM …` runs it for
  // ever in the folder d, as $service, and comes back when that answers; `stop` ends it.
  Answer with_service(const std::string& lines) const {
    write("lines.sh", R"(
program=$1
lxm() { "$program" "$@"; }
serve() {
  "$program" run "$@" --data d --serve <&0 &
  service=$!
  until lxm status d 2>/dev/null | grep -q 'serving *true'; do sleep 0.02; done
}
stop() { kill -TERM $service; wait $service && echo "ended with 0"; }
)" + lines);
    return shell("timeout 100 bash lines.sh '" LXM_BINARY "'");
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
      if (answer.status != 137) break;
      ++killed;
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
  EXPECT_THAT(lxm("inspect d --json").out, HasSubstr("\"last_record\":2"));
  EXPECT_THAT(lxm("inspect t.lxtrace --query x").err, HasSubstr("about a data folder"));
  std::filesystem::create_directory(path("empty"));
  EXPECT_THAT(lxm("inspect empty").err, HasSubstr("empty has no run; `lxm run PROGRAM.lxm"));
  EXPECT_THAT(lxm("why empty").err, HasSubstr("empty has no run"));
}

constexpr const char* kTill = R"(
domain Till {
  state { sold: int }
  on Sell(n: int) { sold += n }
}
)";

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
head -c 2000000 /dev/zero > zeros
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
  EXPECT_THAT(answer.out, HasSubstr(" 404\ntaken, 6\n413\n"));
  EXPECT_THAT(answer.out, HasSubstr("\"inputs\":1"));
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
  EXPECT_THAT(lxm("run other.lxm --data d").err, HasSubstr("has a run of another program"));
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
    if (entry.path().string().ends_with(".json")) std::filesystem::remove(entry.path());
  }
  const Answer damaged = lxm("run long.lxm --data d");
  EXPECT_THAT(damaged.err, HasSubstr("d/000000000001.journal is damaged at byte"));
  EXPECT_EQ(read("d/000000000001.journal"), journal) << "nothing is touched";
}

}  // namespace
}  // namespace lexum
