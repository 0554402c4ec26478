// Everything that somebody at the window has before them, together: the run and where they stand in
// it, what of it is seen, who is looked at, and what was said.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/axis.h"
#include "model/bands.h"
#include "model/console.h"
#include "model/edges.h"
#include "model/history.h"
#include "model/inspector.h"
#include "model/lanes.h"
#include "model/listing.h"

namespace lexum {

class Desk {
 public:
  // The session outlives it. One looks at whoever ran where it stands.
  explicit Desk(Session& session);

  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] Axis& axis() { return axis_; }
  [[nodiscard]] Lanes& lanes() { return *lanes_; }
  [[nodiscard]] Edges& edges() { return *edges_; }
  [[nodiscard]] Bands& bands() { return *bands_; }
  [[nodiscard]] Console& console() { return console_; }

  // As if it had been typed; then one sees where one stands.
  bool say(const std::string& line);
  // By name: lanes that are met later move the others.
  void choose(size_t lane);
  // A lane; none if nobody is chosen.
  [[nodiscard]] std::optional<size_t> chosen();

  // A field of whoever is chosen, to be plotted; by name.
  void plot(std::string field) { plotted_ = std::move(field); }
  [[nodiscard]] const std::string& plotted() const { return plotted_; }
  const std::vector<PlotStep>& plot();

  // What the panels show, made anew when something has changed.
  const InspectorView& inspector();
  const Listing& listing();
  // What happened in a cycle, in a line; empty if that cannot be read.
  std::string line_of(uint64_t cycle);
  // "main 1042 of 10,000,000 [fault]"
  [[nodiscard]] std::string where();

  // Looks whether somebody has recorded more of a run that is still being recorded; true: so it is.
  bool has_grown();

  // ---- playing
  void play(double cycles_a_second) { speed_ = cycles_a_second; }
  [[nodiscard]] bool is_playing() const { return speed_ > 0; }
  // So much time has gone by.
  void pass(double seconds);

 private:
  // The branch has become another one, or has grown.
  void look_again();
  void choose_who_ran();

  Session& session_;
  const TraceReader* trace_ = nullptr;  // that the lanes are of
  Axis axis_;
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<Edges> edges_;
  std::unique_ptr<Bands> bands_;
  Console console_;
  std::optional<std::pair<DomainId, Value>> chosen_;

  std::string plotted_;
  History history_;

  bool is_new_ = true;  // what the panels show
  InspectorView inspector_;
  Listing listing_;

  std::pair<uint64_t, std::string> line_;  // the last one that was asked for

  double speed_ = 0;  // cycles a second
  double played_ = 0;
};

}  // namespace lexum
