#include "machine/durable.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "machine/intake.h"
#include "machine/legs.h"
#include "machine/past.h"
#include "machine/restorer.h"
#include "machine/snapshotter.h"
#include "machine/tee.h"
#include "value/change.h"

namespace lexum {

namespace {

// The effects that are in other hands in the run: "`One.Do` was bound".
std::vector<std::string> rebound(const Program& was, const Program& program) {
  const ModeOf mode_was = as_chosen(choices_in(was));
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

  // No inputs: it has begun, however that was, and it is of the program that it is of.
  Status open(std::optional<std::vector<InputImage>> inputs) {
    if (inputs) {
      if (Status fits = Intake::fit(*inputs); !fits) return fits;
    }
    if (Status locked = lock(); !locked) return locked;
    if (Status known = find_facts(); !known) return known;
    Programs programs(files_, folder_, facts_, program_);
    std::optional<SnapshotChain> chain;
    if (Status found = find_snapshot(programs, chain); !found) return found;
    const bool is_lost = !chain && !found_.bad.empty();
    if (is_lost && !has_journal()) return nothing_good();
    std::optional<ResumePoint> from;
    std::optional<Leg> leg;
    uint64_t record = 1;
    if (chain) {
      Snapshot& snapshot = chain->snapshot;
      found_.snapshot = snapshot.point.image.cycle;
      began_ = snapshot.began;
      record = snapshot.journal;
      known_offsets_ = std::move(snapshot.offsets);
      leg = Leg{chain->program, std::move(snapshot.start_values)};
      from = std::move(snapshot.point);
      heads_ = std::move(chain->heads);
    }
    LegReader reader(programs, std::move(leg));
    if (Status read = read_journal(reader, record); !read) return read;
    if (is_lost && reader.legs.empty()) return nothing_good();
    const bool has_begun = chain || reader.has_begun;
    if (!inputs && !has_begun) {
      return Error{.code = ErrorCode::kNotFound, .what = folder_ + " has no run that has begun"};
    }
    if (inputs) {
      if (Status same = compare(reader, has_begun, *inputs); !same) return same;
    }
    if (!has_begun) {
      if (Status begun = begin(reader, *inputs); !begun) return begun;
    }
    return go_on(std::move(reader.legs), std::move(from));
  }

  // It goes on with that program. What is written here is done again from where it is read
  // (legs.h).
  Result<Upgraded> upgrade(const Program& to) {
    const Hash256 hash = program_hash(to);
    if (hash == program_hash(*program_)) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = fmt::format("the run in {} is of that program already", folder_)};
    }
    // An input may have arrived without a tick; that was before, too.
    const uint64_t tick =
        std::max({machine_->next_tick(), machine_->last_tick() + 1, intake_->reached() + 1});
    Result<Upgrade> made = lexum::upgrade(*machine_, start_values_, to, tick);
    if (!made) return made.error();
    // One that no epoch has come for was never part of the run.
    const auto is_mine = [this](const KnownProgram& known) {
      return known.hash == program_hash(*program_);
    };
    while (!is_mine(facts_.programs.back())) facts_.programs.pop_back();  // it lists this one
    Result<KnownProgram> kept = keep_program(files_, folder_, facts_.programs.size() + 1, to);
    if (!kept) return kept.error();
    facts_.programs.push_back(*kept);
    if (Status written = write_facts(files_, folder_, facts_); !written) return written.error();
    add_epoch(
        {.program = hash, .began = *began_, .engine = std::string(engine_version()), .tick = tick},
        made->start_values);
    if (Status durable = journal_->make_all_durable(); !durable) return durable.error();
    return Upgraded{.cycle = made->point.image.cycle,
                    .tick = tick,
                    .file = kept->file,
                    .lost = std::move(made->lost)};
  }

  Result<Outcome> run(const std::function<void(const World&)>& progress) {
    if (Status arrived = intake_->let_arrive(); !arrived) return arrived.error();
    Result<Outcome> outcome = machine_->run(progress);
    if (!outcome) return outcome;
    if (Status kept = keep(); !kept) return kept.error();
    return outcome;
  }
  void end() {
    if (restorer_) restorer_->end();
  }
  void notify(std::function<void()> came) { restorer_->notify(std::move(came)); }
  Status keep() {
    if (Status arrived = intake_->let_arrive(); !arrived) return arrived;
    Status kept = machine_->keep();
    return kept ? snapshots_->close() : kept;
  }

  const DurableOptions options_;
  Found found_;
  RunFacts facts_;
  std::unique_ptr<Journal> journal_;
  std::optional<Intake> intake_;
  std::unique_ptr<Machine> machine_;

 private:
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
  Status find_snapshot(Programs& programs, std::optional<SnapshotChain>& found) {
    const Result<std::vector<uint64_t>> cycles = snapshots_in(files_, folder_);
    if (!cycles) return cycles.error();
    for (const uint64_t cycle : *cycles) {
      Result<SnapshotChain> chain = read_chain(files_, folder_, programs, cycle);
      if (chain) {
        found = std::move(*chain);
        return Done{};
      }
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

  Status read_journal(LegReader& reader, uint64_t from) {
    const auto visit = [&](const JournalRecord& record) {
      ++found_.records;
      return reader.take(record);
    };
    auto journal =
        Journal::open(files_, folder_, options_.sync, from, visit, options_.segment_bytes);
    if (reader.wrong) return *reader.wrong;
    if (!journal) return journal.error();
    journal_ = std::move(*journal);
    found_.torn_bytes = journal_->torn_bytes();
    intake_.emplace(*journal_, reader.reached, reader.reached_record);
    if (reader.began) began_ = *reader.began;
    return Done{};
  }

  // What there is has to be a run of this program that began with these words.
  Status compare(const LegReader& reader, bool has_begun, const std::vector<InputImage>& inputs) {
    const Hash256 began = beginning_of(*program_, options_.machine.start_values, inputs);
    if (!reader.legs.empty()) {
      const Program& its = *reader.legs.back().program;
      if (program_hash(its) != program_hash(*program_)) return other_program(its);
      // Whoever says nothing of how it began means the one that there is.
      const bool says = !inputs.empty() || !options_.machine.start_values.empty();
      if (!says && has_begun) return Done{};
      if (began_ && began != *began_) {
        return Error{.code = ErrorCode::kMismatch,
                     .what = fmt::format("the run in {} began with other start values or messages; "
                                         "give the same --set, --send and --input again, or none "
                                         "of them, or choose another folder",
                                         folder_)};
      }
    }
    began_ = began;
    return Done{};
  }
  Error other_program(const Program& its) const {
    if (its.source.text() == program_->source.text()) {
      return {.code = ErrorCode::kMismatch,
              .what = fmt::format("the run in {} has other adapters: {}; give an --adapters that "
                                  "binds the same effects, or choose another folder",
                                  folder_, fmt::join(rebound(its, *program_), ", "))};
    }
    return {.code = ErrorCode::kMismatch,
            .what = fmt::format("the run in {} is of another program, which `lxm inspect {} "
                                "--program` shows; `lxm upgrade {} {}` lets it go on with this "
                                "one, or choose another folder",
                                folder_, folder_, folder_, program_->source.name())};
  }

  // A folder that has none yet has no run.
  Status find_facts() {
    Result<RunFacts> facts = read_facts(files_, folder_);
    if (facts) facts_ = std::move(*facts);
    return facts || facts.error().code == ErrorCode::kNotFound ? Status(Done{}) : facts.error();
  }

  // What it begins with is durable before anything runs; what of that is there already stays.
  Status begin(LegReader& reader, std::vector<InputImage>& inputs) {
    found_.fresh = reader.legs.empty();
    if (found_.fresh) {
      Result<KnownProgram> kept = keep_program(files_, folder_, 1, *program_);
      if (!kept) return kept.error();
      facts_ = {.run_id = new_run_id(), .programs = {std::move(*kept)}};
      if (Status written = write_facts(files_, folder_, facts_); !written) return written;
      reader.legs.push_back({program_, options_.machine.start_values});
      add_epoch({.program = program_hash(*program_),
                 .began = *began_,
                 .engine = std::string(engine_version()),
                 .tick = 0},
                reader.legs.back().start_values);
    }
    std::vector<JournaledInput>& read = reader.legs.back().inputs;
    for (size_t i = read.size(); i < inputs.size(); ++i) {
      inputs[i].number = i + 1;
      const uint64_t record = intake_->add(inputs[i]);
      read.push_back({record, std::move(inputs[i])});
    }
    journal_->add(static_cast<uint8_t>(DataRecord::kBegun), {});
    return journal_->make_all_durable();
  }

  void add_epoch(const Epoch& epoch, const std::vector<StartValue>& start_values) {
    ByteWriter bytes;
    write_epoch(bytes, epoch, start_values);
    journal_->add(static_cast<uint8_t>(DataRecord::kEpoch), bytes.bytes());
  }

  Status go_on(std::vector<Leg> legs, std::optional<ResumePoint> from) {
    for (const Leg& leg : legs) {
      for (const JournaledInput& one : leg.inputs) intake_->know(one.input, one.record);
    }
    const bool crosses = legs.size() > 1;
    Result<std::optional<ResumePoint>> last = run_to_last(
        legs, std::move(from), {.listener = &delivered_, .interrupt = options_.machine.interrupt},
        [this](const Machine& machine) { world_ = &machine.world(); });
    if (!last) return last.error();
    const Leg& leg = legs.back();
    program_ = leg.program;
    start_values_ = leg.start_values;
    // The snapshot of the same cycle that the new program's takes the place of.
    if (crosses) {
      std::erase_if(heads_,
                    [&](const SnapshotHead& head) { return head.cycle == (*last)->image.cycle; });
    }
    make_machine(*last);
    add_inputs(*machine_, leg);
    intake_->begin(*machine_);
    return Done{};
  }

  void make_machine(const std::optional<ResumePoint>& from) {
    std::vector<DomainId> domains;
    if (from) {
      for (const InstanceImage& i : from->image.instances) domains.push_back(i.domain);
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
        program_, start_values_, heads_, std::move(domains), std::move(known_offsets_));
    MachineOptions how = options_.machine;
    restorer_.emplace(files_, folder_, how.outside, [this] { return journal_->sync_all(); });
    how.outside = &*restorer_;
    how.outside->begin(facts_.run_id, [this](uint64_t tick) { return intake_->show(tick); });
    how.note_arrivals = [this](std::vector<InputImage>& inputs) { return intake_->note(inputs); };
    how.start_values = start_values_;
    how.keyframes = {.cycles = options_.snapshot_every, .mark = [this] { return note(); }};
    if (how.sink != nullptr) both_sinks_.emplace(*snapshots_, *how.sink);
    how.sink = both_sinks_ ? static_cast<BatchSink*>(&*both_sinks_) : &*snapshots_;
    if (how.listener != nullptr) both_listen_.emplace(delivered_, *how.listener);
    how.listener = both_listen_ ? static_cast<Observer*>(&*both_listen_) : &delivered_;
    machine_ = from ? std::make_unique<Machine>(program_, std::move(how), *from)
                    : std::make_unique<Machine>(program_, std::move(how));
    world_ = &machine_->world();
    for (const InstanceId id : world_->instances_in_order()) {
      if (world_->is_killed(id)) restorer_->bring_back(id, world_->tick_now(), world_->cycle());
    }
  }

  // Why a run has ended stands in no snapshot: it is found out again from the one before.
  uint64_t note() {
    const World& world = machine_->world();
    return snapshots_->note({.is_wanted = !world.halted() && !world.oscillates(),
                             .journal = intake_->first_record(),
                             .offsets = std::exchange(offsets_, {})});
  }

  void delivered(const InputRecord& record) {
    const World& world = *world_;
    if (record.kind == InputKind::kCrash && !record.dead && machine_ != nullptr) {
      restorer_->bring_back(world.find(record.domain, *record.key), record.tick, world.cycle());
    }
    // Of a dead letter that is sent once more, the message comes behind the act.
    if (record.kind == InputKind::kRedeliver && !record.dead) return;
    const uint64_t its = intake_->take_record(record.number);
    if (its == 0 || (is_act(record.kind) && !record.domain)) return;
    if (record.domain) {
      const InstanceId id = world.find(record.domain, *record.key);
      if (id) offsets_[id.value] = its;
    } else {
      for (const Listener& listener : world.program().events[record.event.index()].listeners) {
        for (const InstanceId id : world.instances_in_order()) {
          if (world.domain_of(id) == listener.domain) offsets_[id.value] = its;
        }
      }
    }
  }

  Files& files_;
  const std::string folder_;
  std::shared_ptr<const Program> program_;  // null: whatever it is of
  std::optional<Hash256> began_;            // what it began with; none: not known yet
  std::unique_ptr<File> lock_;

  // What was found.
  std::vector<SnapshotHead> heads_;
  std::map<uint32_t, uint64_t> known_offsets_;  // as offsets_, of the snapshot

  std::vector<StartValue> start_values_;
  std::optional<Snapshotter> snapshots_;
  std::optional<TeeSink> both_sinks_;
  Delivered delivered_{*this};
  const World* world_ = nullptr;  // that runs
  std::optional<Tee> both_listen_;
  std::optional<Restorer> restorer_;

  std::map<uint32_t, uint64_t> offsets_;  // Snapshotter::Note's
};

DurableRun::DurableRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
// The machine's recorder writes to the end, into what stands before it.
DurableRun::~DurableRun() {
  parts_->end();
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
  // Nothing is made where there is no run.
  if (const auto facts = read_facts(files, folder); !facts) return facts.error();
  auto parts = std::make_unique<Parts>(files, folder, nullptr, std::move(options));
  if (Status opened = parts->open({}); !opened) return opened.error();
  return std::unique_ptr<DurableRun>(new DurableRun(std::move(parts)));
}

Result<DurableRun::Upgraded> DurableRun::upgrade(Files& files, const std::string& folder,
                                                 std::shared_ptr<const Program> to,
                                                 const DurableOptions& options) {
  Result<Upgraded> made = Upgraded{};
  {
    const Result<std::unique_ptr<DurableRun>> before = go_on(files, folder, options);
    if (!before) return before.error();
    made = (*before)->parts_->upgrade(*to);
    if (!made) return made.error();
  }
  const Result<std::unique_ptr<DurableRun>> after = go_on(files, folder, options);
  if (!after) return after.error();
  if (Status kept = (*after)->keep(); !kept) return kept.error();
  return made;
}

const DurableRun::Found& DurableRun::found() const { return parts_->found_; }
Machine& DurableRun::machine() { return *parts_->machine_; }
Status DurableRun::keep() { return parts_->keep(); }
Status DurableRun::show() { return show(machine().world().tick_now()); }
Status DurableRun::show(uint64_t tick) { return parts_->intake_->show(tick); }
void DurableRun::notify(std::function<void()> came) { parts_->notify(std::move(came)); }
const std::string& DurableRun::run_id() const { return parts_->facts_.run_id; }
uint64_t DurableRun::accepted() const { return parts_->intake_->accepted(); }
Status DurableRun::accept(std::vector<InputImage> inputs) {
  return parts_->intake_->accept(std::move(inputs));
}
Status DurableRun::begin_to_accept(std::vector<InputImage> inputs) {
  return parts_->intake_->begin_to_accept(std::move(inputs));
}
uint64_t DurableRun::in_world() const { return parts_->intake_->in_world(); }
Result<std::optional<Outcome>> DurableRun::tick() { return parts_->intake_->tick(); }
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
