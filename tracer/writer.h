// Writes a run into a trace as it happens: a header, then a chunk for each batch, a keyframe before
// those that have one, and at the end a footer that tells where they stand. Killed at any moment,
// the file has everything up to the last batch but those still under way.
#pragma once

#include <memory>
#include <string>

#include "machine/recorder.h"
#include "tracer/columns.h"
#include "tracer/records.h"

namespace lexum {

class TraceWriter final : public BatchSink {
 public:
  // Creates the file. A file that stands there is overwritten if it is a trace or empty; any other
  // is left alone (kForeign). `program` is that of the run and outlives the writer.
  static Result<std::unique_ptr<TraceWriter>> create(Files& files, const std::string& path,
                                                     const Program& program,
                                                     const TraceHeader& header);

  Status write(const Batch& batch) override;
  // Writes the footer. Whatever comes after it makes it one that nobody looks for, and another one
  // can follow.
  Status close() override;

 private:
  TraceWriter(FrameWriter frames, const Program& program)
      : frames_(std::move(frames)), splitter_(program), notes_(program), extents_(program) {}
  Status write_extents();
  Status append(RecordType type);

  FrameWriter frames_;
  ColumnSplitter splitter_;
  IndexNotes notes_;
  ExtentNotes extents_;
  Directory directory_;
  FramePlace last_;    // of the last record
  ByteWriter record_;  // that is being made; both keep their memory
  Columns columns_;
};

// What the one has into the other, which is left alone where it is something else (kForeign).
Status copy_trace(Files& files, const std::string& from, const std::string& to);

}  // namespace lexum
