// Everything that somebody at the window has before them, together: the run and where they stand in
// it, what of it is seen, who is looked at, and what was said.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/axis.h"
#include "model/console.h"
#include "model/history.h"
#include "model/inspector.h"
#include "model/listing.h"
#include "model/remembered.h"
#include "model/scene.h"

namespace lexum {

class Desk {
 public:
  // Who reads all of a run beside everything else.
  enum class Surveys : uint8_t {
    kByThread,
    kByFrame,  // a chunk with each, so that it is always the same: for tests and pictures
  };
  // The session outlives it. One looks at whoever ran where it stands.
  explicit Desk(Session& session, Surveys surveys = Surveys::kByFrame);

  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] Axis& axis() { return axis_; }
  [[nodiscard]] Console& console() { return console_; }
  // Of the branch that one is in.
  [[nodiscard]] Scene& scene() { return *scene_; }

  // A frame begins: some more is summed up. True: there is more to come.
  bool begin_frame();

  // As if it had been typed; then one sees where one stands.
  bool say(const std::string& line);
  // To that cycle of the branch, as with `goto`; in a row it is one line at the prompt.
  void scrub(uint64_t cycle);
  // By name: lanes that are met later move the others.
  void choose(size_t lane);
  // A lane; none if nobody is chosen.
  [[nodiscard]] std::optional<size_t> chosen();

  // The chunks that cannot be read, as far as is known, in order.
  [[nodiscard]] std::vector<size_t> lost() const;

  // ---- how the lanes are seen
  // So many messages away from the cycle at the position, causes and effects stand out.
  [[nodiscard]] uint32_t hops() const { return hops_; }
  void set_hops(uint32_t hops) { hops_ = hops; }
  // Causal depth on x, of what is seen; false: that is too much at once.
  bool look_by_depth(bool on);
  [[nodiscard]] bool is_by_depth() const { return axis_.columns() != nullptr; }
  // Another branch below: the one that this is a fork of, or else the next one. False: there is
  // none.
  bool look_beside(bool on);
  [[nodiscard]] Scene* beside() { return beside_.get(); }
  [[nodiscard]] const std::string& beside_name() const { return beside_name_; }
  // The first cycle in which the two differ; none if none does.
  [[nodiscard]] std::optional<uint64_t> parting() const { return parting_; }

  // A field of whoever is chosen, to be plotted; by name.
  void plot(std::string field);
  [[nodiscard]] const std::string& plotted() const { return plotted_; }
  const std::vector<PlotStep>& plot();

  // What the panels show, made anew when something has changed. While somebody is on the way, what
  // takes long is left out of it.
  const InspectorView& inspector(bool on_the_way = false);
  const Listing& listing();
  // What happened in a cycle, in a line; empty if that cannot be read.
  std::string line_of(uint64_t cycle);
  // "main 1042 of 10,000,000 [fault]"
  [[nodiscard]] std::string where();

  // Where one is, to come back to it; nothing happens where that is no more.
  [[nodiscard]] RememberedPlace place();
  void go_back_to(const RememberedPlace& place);

  // Whoever reads all of a run has found something that was not drawn yet.
  [[nodiscard]] bool has_news() const;
  // Looks whether somebody has recorded more of a run that is still being recorded; true: so it is.
  bool has_grown();

  // ---- playing
  void play(double cycles_a_second);
  [[nodiscard]] bool is_playing() const { return speed_ > 0; }
  // The last one that was played at.
  [[nodiscard]] double speed() const { return last_speed_; }
  void set_speed(double cycles_a_second);
  // So much time has gone by.
  void pass(double seconds);

 private:
  // The branch has become another one, or has grown.
  void look_again();
  void lay_axis();
  std::unique_ptr<Scene> make_scene(TraceReader& trace);
  [[nodiscard]] const Session::Branch* other_branch() const;
  void choose_who_ran();
  // Somebody stood there before, and may stand elsewhere now.
  void arrive(Moment stood);
  void follow_plotted();
  [[nodiscard]] std::optional<FieldTarget> plotted_field();

  Session& session_;
  const Surveys surveys_;
  const TraceReader* trace_ = nullptr;  // that the scene is of
  uint64_t known_cycles_ = 0;           // that it had
  Axis axis_;
  std::unique_ptr<Scene> scene_;
  std::unique_ptr<Scene> beside_;
  std::string beside_name_;
  std::optional<uint64_t> parting_;
  Console console_;
  std::optional<std::pair<DomainId, Value>> chosen_;
  uint32_t hops_ = 1;

  std::string plotted_;
  History history_;

  bool is_new_ = true;     // what the panels show
  bool is_short_ = false;  // what takes long was left out
  InspectorView inspector_;
  Listing listing_;

  std::pair<uint64_t, std::string> line_;  // the last one that was asked for

  double speed_ = 0;  // cycles a second
  double last_speed_ = 20;
  double played_ = 0;
};

// "10,000,000"
std::string grouped(uint64_t number);

}  // namespace lexum
