#include "machine/durable.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "machine/past.h"
#include "machine/snapshotter.h"
#include "machine/tee.h"
#include "value/change.h"

namespace lexum {

namespace {

// How many ticks ahead of the world an input is accepted, while it has something to do.
constexpr uint64_t kTicksAheadMin = 64;
constexpr uint64_t kTicksAheadMax = 4'096;

// What a run begins with: the same again is the same run.
Hash256 beginning_of(const Program& program, const std::vector<StartValue>& start_values,
                     const std::vector<InputImage>& inputs) {
  ByteWriter words;
  for (const EffectChoice& choice : choices_in(program)) {
    words.text(choice.adapter);
    words.text(choice.operation);
    words.byte(static_cast<uint8_t>(choice.mode));
  }
  for (const StartValue& start : start_values) {
    words.varint(start.domain.value);
    encode(words, start.key);
    words.varint(start.slot);
    encode(words, start.value);
  }
  words.varint(inputs.size());
  for (const InputImage& input : inputs) write_input(words, input);
  return blake2b(words.bytes());
}

// In which records the inputs stand that nobody has got yet. They come and go nearly in order.
class PendingRecords {
 public:
  // Requires numbers that ascend.
  void note(uint64_t input, uint64_t record) {
    if (records_.empty()) first_ = input;
    records_.resize(input - first_, 0);
    records_.push_back(record);
  }
  // The record, once; 0 if there is none.
  uint64_t take(uint64_t input) {
    if (input < first_ || input - first_ >= records_.size()) return 0;
    const uint64_t record = std::exchange(records_[input - first_], 0);
    for (; !records_.empty() && records_.front() == 0; ++first_) records_.pop_front();
    return record;
  }

 private:
  std::deque<uint64_t> records_;  // by input, from first_ on; 0: it was taken
  uint64_t first_ = 0;
};

Error other_program(const std::string& folder) {
  return {
      .code = ErrorCode::kMismatch,
      .what = fmt::format("{} has a run of another program, which lies in {}/program.lxm; go on "
                          "with that, or choose another folder",
                          folder, folder)};
}

// The effects that were in other hands when the run began: "`One.Do` was bound".
std::vector<std::string> rebound(const std::vector<EffectChoice>& was, const Program& program) {
  const ModeOf mode_was = as_chosen(was);
  std::vector<std::string> all;
  for (const Effect& effect : program.effects) {
    const EffectMode mode = mode_was(effect);
    if (mode == effect.mode) continue;
    all.push_back(fmt::format("`{}.{}` was {}bound", effect.adapter, effect.operation,
                              mode == EffectMode::kBound ? "" : "not "));
  }
  return all;
}

}  // namespace

class DurableRun::Parts {
 public:
  Parts(Files& files, std::string folder, std::shared_ptr<const Program> program,
        DurableOptions options)
      : options_(std::move(options)),
        files_(files),
        folder_(std::move(folder)),
        program_(std::move(program)) {}

  // No inputs: it has begun, however that was.
  Status open(std::optional<std::vector<InputImage>> inputs) {
    if (inputs) began_ = beginning_of(*program_, options_.machine.start_values, *inputs);
    if (Status locked = lock(); !locked) return locked;
    std::optional<Snapshot> snapshot;
    if (Status found = find_snapshot(snapshot); !found) return found;
    const bool is_lost = !snapshot && !found_.bad.empty();
    if (is_lost && !has_journal()) return nothing_good();
    const uint64_t from = snapshot ? snapshot->journal : 1;
    if (Status read = read_journal(from); !read) return read;
    if (is_lost && !has_epoch_) return nothing_good();
    if (snapshot) {
      start_values_ = snapshot->start_values;
      found_.snapshot = snapshot->point.image.cycle;
    } else if (inputs) {
      start_values_ = options_.machine.start_values;
    }
    if (!inputs && !snapshot && !has_begun_) {
      return Error{.code = ErrorCode::kNotFound, .what = folder_ + " has no run that has begun"};
    }
    const Status begun = inputs ? begin(*inputs, snapshot.has_value()) : find_facts();
    if (!begun) return begun;
    make_machine(snapshot);
    return Done{};
  }

  [[nodiscard]] uint64_t accepted() const { return numbered_; }
  [[nodiscard]] uint64_t in_world() const {
    return on_the_way_.empty() ? numbered_ : on_the_way_.front().inputs.front().number - 1;
  }
  Status accept(std::vector<InputImage> inputs) {
    if (Status noted = note_inputs(inputs); !noted) return noted;
    for (InputImage& input : inputs) machine_->add_input(std::move(input));
    return Done{};
  }
  // They get their numbers and ticks, and are durable.
  Status note_inputs(std::vector<InputImage>& inputs) {
    if (Status arrived = let_arrive(); !arrived) return arrived;
    number(inputs, machine_->next_tick());
    return journal_->make_all_durable();
  }

  Status begin_to_accept(std::vector<InputImage> inputs) {
    if (inputs.empty()) return Done{};
    // The world must not jump over a tick that is still on the way: so what is in it is to be due
    // before that.
    const uint64_t next = machine_->next_tick();
    const bool is_later =
        last_asked_ > next ||
        std::ranges::any_of(inputs, [&](const InputImage& i) { return i.tick > next; });
    if (is_later) return accept(std::move(inputs));
    const uint64_t record = journal_->last() + 1;
    const bool waits = machine_->world().at_rest() && on_the_way_.empty();
    const uint64_t tick = waits ? next : std::max(next + ticks_ahead_, last_given_ + 1);
    last_given_ = number(inputs, tick);
    on_the_way_.push_back({std::move(inputs), record, journal_->last(), last_given_});
    journal_->begin_durable();
    return Done{};
  }
  Result<std::optional<Outcome>> tick() {
    if (!on_the_way_.empty()) {
      if (Status arrived = look_at_journal(); !arrived) return arrived.error();
    }
    Result<std::optional<Outcome>> ended = machine_->tick();
    if (!ended || !*ended || on_the_way_.empty() || machine_->world().halted()) return ended;
    // There is nothing to do but wait, and then it goes on.
    if (Status arrived = let_arrive_one(); !arrived) return arrived.error();
    return std::optional<Outcome>();
  }

  // From any thread.
  Status show(uint64_t tick) {
    if (tick <= reached_.load()) return Done{};
    ByteWriter bytes;
    bytes.varint(tick);
    const uint64_t record =
        journal_->add(static_cast<uint8_t>(DataRecord::kReached), bytes.bytes());
    if (Status durable = journal_->make_durable(record); !durable) return durable;
    for (uint64_t was = reached_.load(); was < tick;) {
      if (reached_.compare_exchange_weak(was, tick)) break;
    }
    return Done{};
  }

  Result<Outcome> run(const std::function<void(const World&)>& progress) {
    if (Status arrived = let_arrive(); !arrived) return arrived.error();
    Result<Outcome> outcome = machine_->run(progress);
    if (!outcome) return outcome;
    if (Status kept = keep(); !kept) return kept.error();
    return outcome;
  }
  Status keep() {
    if (Status arrived = let_arrive(); !arrived) return arrived;
    Status kept = machine_->keep();
    return kept ? snapshots_->close() : kept;
  }

  const DurableOptions options_;
  Found found_;
  RunFacts facts_;
  std::unique_ptr<Machine> machine_;

 private:
  // Accepted together, and not yet known to be durable.
  struct OnTheWay {
    std::vector<InputImage> inputs;
    uint64_t first_record = 0;
    uint64_t last_record = 0;
    uint64_t tick = 0;  // the first in which one may arrive
  };

  // They may arrive in that tick at the earliest, or in the one that it gives.
  uint64_t number(std::vector<InputImage>& inputs, uint64_t tick) {
    tick = std::max(tick, reached_.load() + 1);
    for (InputImage& input : inputs) {
      if (input.tick > tick) last_asked_ = std::max(last_asked_, input.tick);
      input.number = ++numbered_;
      input.tick = std::max(input.tick, tick);
      records_.note(input.number, add(input));
    }
    return tick;
  }
  // What is durable goes into the world, and what is to arrive with the next tick is waited for.
  // How far ahead of the world's tick the next ones are to be follows from that: so much as it runs
  // while the disk is busy.
  Status look_at_journal() {
    const OnTheWay& front = on_the_way_.front();
    const uint64_t next = machine_->next_tick();
    const bool is_durable = journal_->durable() >= front.last_record;
    if (!is_durable && next < front.tick) return Done{};
    if (!is_durable) ticks_ahead_ = std::min(2 * ticks_ahead_, kTicksAheadMax);
    else if (next + ticks_ahead_ / 2 < front.tick)
      ticks_ahead_ = std::max(ticks_ahead_ / 2, kTicksAheadMin);
    return let_arrive_one();
  }
  Status let_arrive_one() {
    OnTheWay& front = on_the_way_.front();
    if (Status durable = journal_->make_durable(front.last_record); !durable) return durable;
    for (InputImage& input : front.inputs) machine_->add_input(std::move(input));
    on_the_way_.pop_front();
    return Done{};
  }
  Status let_arrive() {
    while (!on_the_way_.empty()) {
      if (Status arrived = let_arrive_one(); !arrived) return arrived;
    }
    return Done{};
  }

  // Which record was the last that an instance has got.
  class Delivered final : public Observer {
   public:
    explicit Delivered(Parts& parts) : parts_(parts) {}
    void started(InstanceId, DomainId, const Value&) override {}
    void input(const InputRecord& record) override { parts_.delivered(record); }
    void outcome(const OutcomeRecord&) override {}
    void cycle(const CycleRecord&) override {}
    void hold(const HoldRecord&) override {}
    void rollback(const RollbackRecord&) override {}
    void rest() override {}

   private:
    Parts& parts_;
  };

  // A snapshot goes to the one, and all of it to the other.
  class BothSinks final : public BatchSink {
   public:
    BothSinks(BatchSink& one, BatchSink& other) : one_(one), other_(other) {}
    Status write(const Batch& batch) override {
      Status written = one_.write(batch);
      return written ? other_.write(batch) : written;
    }
    Status close() override {
      Status closed = one_.close();
      return closed ? other_.close() : closed;
    }

   private:
    BatchSink& one_;
    BatchSink& other_;
  };

  [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  Status lock() {
    if (Status made = files_.make_folder(folder_); !made) return made;
    // One that is there is written over: to make a file empty may wait for the disk.
    Result<std::unique_ptr<File>> file = files_.open_at(path_of("LOCK"), 0);
    if (!file && file.error().code == ErrorCode::kNotFound) file = files_.create(path_of("LOCK"));
    if (!file && file.error().code == ErrorCode::kInUse) {
      Result<std::string> who = read_text(files_, path_of("LOCK"), 64);
      if (who) who->resize(std::min(who->size(), who->find(' ')));
      return Error{.code = ErrorCode::kInUse,
                   .what = fmt::format("{} belongs to process {}; stop that one, or choose another "
                                       "folder",
                                       folder_, who && !who->empty() ? *who : "of somebody")};
    }
    if (!file) return file.error();
    lock_ = std::move(*file);
    return lock_->append(as_bytes(fmt::format("{:<20}\n", getpid())));
  }

  // The newest one that is good, together with what it builds on.
  Status find_snapshot(std::optional<Snapshot>& found) {
    const Result<std::vector<uint64_t>> cycles = snapshots_in(files_, folder_);
    if (!cycles) return cycles.error();
    for (const uint64_t cycle : *cycles) {
      Result<SnapshotChain> chain = read_chain(files_, folder_, *program_, cycle);
      if (chain) {
        if (!began_) began_ = chain->snapshot.began;
        if (chain->snapshot.began != *began_) return other_beginning();
        found = std::move(chain->snapshot);
        heads_ = std::move(chain->heads);
        return Done{};
      }
      if (chain.error().code == ErrorCode::kMismatch) return other_program(folder_);
      found_.bad.push_back(
          fmt::format("{}: {}", path_of(snapshot_name(cycle)), chain.error().what));
    }
    return Done{};
  }

  // To open a journal is to begin one where there is none.
  bool has_journal() const {
    const Result<std::vector<std::string>> names = files_.list(folder_);
    return names && std::ranges::any_of(
                        *names, [](const std::string& name) { return name.ends_with(".journal"); });
  }
  Error nothing_good() const {
    return {.code = ErrorCode::kDamaged,
            .what = fmt::format("none of the snapshots in {} is good, and there is no journal that "
                                "goes back to the start; {}",
                                folder_, found_.bad.front())};
  }

  Status read_journal(uint64_t from) {
    std::optional<Error> wrong;
    const auto visit = [&](const JournalRecord& record) {
      ++found_.records;
      const auto type = static_cast<DataRecord>(record.type);
      switch (type) {
        case DataRecord::kEpoch:
          wrong = take_epoch(record.payload);
          has_epoch_ = true;
          return !wrong;
        case DataRecord::kInput:
        case DataRecord::kAct: {
          auto input = read_input(*program_, type, record.payload);
          if (!input) return false;
          records_.note(input->number, record.number);
          read_.push_back(std::move(*input));
          return true;
        }
        case DataRecord::kBegun:
          has_begun_ = true;
          return true;
        case DataRecord::kReached:
          reached_ = std::max(reached_.load(), ByteReader(record.payload).varint());
          return true;
      }
      return true;  // of what comes later
    };
    auto journal =
        Journal::open(files_, folder_, options_.sync, from, visit, options_.segment_bytes);
    if (wrong) return *wrong;
    if (!journal) return journal.error();
    journal_ = std::move(*journal);
    found_.torn_bytes = journal_->torn_bytes();
    return Done{};
  }

  std::optional<Error> take_epoch(Bytes bytes) {
    std::optional<Epoch> was = read_epoch(*program_, bytes);
    if (!was || was->program != program_hash(*program_)) return other_program(folder_);
    if (!began_) {
      began_ = was->began;
      start_values_ = std::move(was->start_values);
    }
    return was->began == *began_ ? std::nullopt : std::optional(other_beginning());
  }
  Error other_beginning() const {
    if (const Result<RunFacts> facts = read_facts(files_, folder_)) {
      const std::vector<std::string> others = rebound(facts->effects, *program_);
      if (!others.empty()) {
        return {.code = ErrorCode::kMismatch,
                .what = fmt::format("the run in {} began with other adapters: {}; give an "
                                    "--adapters that binds the same effects, or choose another "
                                    "folder",
                                    folder_, fmt::join(others, ", "))};
      }
    }
    return {.code = ErrorCode::kMismatch,
            .what = fmt::format("the run in {} began with other start values or messages; give the "
                                "same --set, --send and --input again, or choose another folder",
                                folder_)};
  }

  Status find_facts() {
    Result<RunFacts> facts = read_facts(files_, folder_);
    if (!facts) return facts.error();
    facts_ = std::move(*facts);
    return Done{};
  }

  // What it begins with is durable before anything runs; what of that is there already stays.
  Status begin(std::vector<InputImage>& inputs, bool goes_on) {
    found_.fresh = !goes_on && !has_epoch_;
    if (!found_.fresh) {
      if (Status known = find_facts(); !known) return known;
    }
    if (goes_on || has_begun_) return Done{};
    if (!has_epoch_) {
      const std::string text(program_->source.text());
      if (Status kept = replace_text(files_, path_of("program.lxm"), text); !kept) return kept;
      facts_ = {.run_id = new_run_id(), .effects = choices_in(*program_)};
      if (Status kept = write_facts(files_, folder_, facts_); !kept) return kept;
      ByteWriter epoch;
      write_epoch(epoch, {.program = program_hash(*program_),
                          .began = *began_,
                          .engine = std::string(engine_version()),
                          .start_values = start_values_});
      journal_->add(static_cast<uint8_t>(DataRecord::kEpoch), epoch.bytes());
    }
    for (size_t i = read_.size(); i < inputs.size(); ++i) {
      inputs[i].number = i + 1;
      records_.note(i + 1, add(inputs[i]));
      read_.push_back(std::move(inputs[i]));
    }
    journal_->add(static_cast<uint8_t>(DataRecord::kBegun), {});
    return journal_->make_all_durable();
  }

  uint64_t add(const InputImage& input) {
    bytes_.clear();
    write_input(bytes_, input);
    return journal_->add(static_cast<uint8_t>(record_of(input)), bytes_.bytes());
  }

  void make_machine(const std::optional<Snapshot>& snapshot) {
    std::vector<DomainId> domains;
    if (snapshot) {
      for (const InstanceImage& i : snapshot->point.image.instances) domains.push_back(i.domain);
      numbered_ = snapshot->point.image.inputs_numbered;
    }
    snapshots_.emplace(
        Snapshotter::Where{
            .files = files_,
            .folder = folder_,
            .began = *began_,
            .keep_history = options_.keep_history,
            .at_once = options_.snapshots_at_once,
            .sync_journal = [this] { return journal_->sync_all(); },
            .forget_before = [this](uint64_t record) { return journal_->forget_before(record); }},
        program_, start_values_, heads_, std::move(domains),
        snapshot ? snapshot->offsets : std::map<uint32_t, uint64_t>());
    MachineOptions how = options_.machine;
    if (how.outside != nullptr) {
      how.outside->begin(facts_.run_id, [this](uint64_t tick) { return show(tick); });
      how.note_arrivals = [this](std::vector<InputImage>& inputs) { return note_inputs(inputs); };
    }
    how.start_values = start_values_;
    how.keyframes = {.cycles = options_.snapshot_every, .mark = [this] { return note(); }};
    if (how.sink != nullptr) both_sinks_.emplace(*snapshots_, *how.sink);
    how.sink = both_sinks_ ? static_cast<BatchSink*>(&*both_sinks_) : &*snapshots_;
    if (how.listener != nullptr) both_listen_.emplace(delivered_, *how.listener);
    how.listener = both_listen_ ? static_cast<Observer*>(&*both_listen_) : &delivered_;
    machine_ = snapshot ? std::make_unique<Machine>(program_, std::move(how), snapshot->point)
                        : std::make_unique<Machine>(program_, std::move(how));
    const uint64_t in_world = numbered_;
    for (InputImage& input : read_) {
      numbered_ = std::max(numbered_, input.number);
      last_asked_ = std::max(last_asked_, input.tick);
      if (input.number > in_world) machine_->add_input(std::move(input));
    }
    read_.clear();
  }

  // Why a run has ended stands in no snapshot: it is found out again from the one before. And
  // everything that is in the journal is in the world, but for what is on the way.
  uint64_t note() {
    const World& world = machine_->world();
    return snapshots_->note(
        {.is_wanted = !world.halted() && !world.oscillates(),
         .journal = on_the_way_.empty() ? journal_->last() + 1 : on_the_way_.front().first_record,
         .offsets = std::exchange(offsets_, {})});
  }

  void delivered(const InputRecord& record) {
    // Of a dead letter that is sent once more, the message comes behind the act.
    if (record.kind == InputKind::kRedeliver && !record.dead) return;
    const uint64_t its = records_.take(record.number);
    if (its == 0 || (is_act(record.kind) && !record.domain)) return;
    const World& world = machine_->world();
    if (record.domain) {
      const InstanceId id = world.find(record.domain, *record.key);
      if (id) offsets_[id.value] = its;
    } else {
      for (const Listener& listener : program_->events[record.event.index()].listeners) {
        for (const InstanceId id : world.instances_in_order()) {
          if (world.domain_of(id) == listener.domain) offsets_[id.value] = its;
        }
      }
    }
  }

  Files& files_;
  const std::string folder_;
  const std::shared_ptr<const Program> program_;
  std::optional<Hash256> began_;  // what it began with; none: not known yet
  std::unique_ptr<File> lock_;

  // What was found.
  std::vector<SnapshotHead> heads_;
  std::vector<InputImage> read_;
  bool has_epoch_ = false;
  bool has_begun_ = false;

  std::vector<StartValue> start_values_;
  std::unique_ptr<Journal> journal_;
  std::optional<Snapshotter> snapshots_;
  std::optional<BothSinks> both_sinks_;
  Delivered delivered_{*this};
  std::optional<Tee> both_listen_;

  uint64_t numbered_ = 0;            // of the last input
  std::deque<OnTheWay> on_the_way_;  // by number
  uint64_t ticks_ahead_ = kTicksAheadMin;
  uint64_t last_given_ = 0;            // the tick of the last ones that were on the way
  uint64_t last_asked_ = 0;            // the latest tick that an input has asked for itself
  std::atomic<uint64_t> reached_ = 0;  // the last tick of which somebody outside knows
  PendingRecords records_;
  ByteWriter bytes_;                      // of an input
  std::map<uint32_t, uint64_t> offsets_;  // Snapshotter::Note's
};

DurableRun::DurableRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
// The machine's recorder writes to the end, into what stands before it.
DurableRun::~DurableRun() {
  if (parts_->options_.machine.outside != nullptr) parts_->options_.machine.outside->end();
  parts_->machine_.reset();
}

Result<std::unique_ptr<DurableRun>> DurableRun::open(Files& files, const std::string& folder,
                                                     std::shared_ptr<const Program> program,
                                                     std::vector<InputImage> inputs,
                                                     DurableOptions options) {
  auto parts = std::make_unique<Parts>(files, folder, std::move(program), std::move(options));
  if (Status opened = parts->open(std::move(inputs)); !opened) return opened.error();
  return std::unique_ptr<DurableRun>(new DurableRun(std::move(parts)));
}

Result<std::unique_ptr<DurableRun>> DurableRun::go_on(Files& files, const std::string& folder,
                                                      DurableOptions options) {
  Result<std::shared_ptr<const Program>> program = program_in(files, folder);
  if (!program) return program.error();
  auto parts = std::make_unique<Parts>(files, folder, std::move(*program), std::move(options));
  if (Status opened = parts->open({}); !opened) return opened.error();
  return std::unique_ptr<DurableRun>(new DurableRun(std::move(parts)));
}

const DurableRun::Found& DurableRun::found() const { return parts_->found_; }
Machine& DurableRun::machine() { return *parts_->machine_; }
Status DurableRun::keep() { return parts_->keep(); }
Status DurableRun::show() { return show(machine().world().tick_now()); }
Status DurableRun::show(uint64_t tick) { return parts_->show(tick); }
const std::string& DurableRun::run_id() const { return parts_->facts_.run_id; }
uint64_t DurableRun::accepted() const { return parts_->accepted(); }
Status DurableRun::accept(std::vector<InputImage> inputs) {
  return parts_->accept(std::move(inputs));
}
Status DurableRun::begin_to_accept(std::vector<InputImage> inputs) {
  return parts_->begin_to_accept(std::move(inputs));
}
uint64_t DurableRun::in_world() const { return parts_->in_world(); }
Result<std::optional<Outcome>> DurableRun::tick() { return parts_->tick(); }
Result<Outcome> DurableRun::run(const std::function<void(const World&)>& progress) {
  return parts_->run(progress);
}

std::string describe(const DurableRun::Found& found) {
  std::string text = found.fresh ? "begins" : "goes on from the start";
  if (found.snapshot) text = fmt::format("goes on from cycle {}", *found.snapshot);
  if (!found.fresh) {
    text += fmt::format(" with {} record{} of the journal", found.records,
                        found.records == 1 ? "" : "s");
  }
  if (found.torn_bytes > 0) text += fmt::format("; {} torn bytes were cut", found.torn_bytes);
  return text;
}

}  // namespace lexum
