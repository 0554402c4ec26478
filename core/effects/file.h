// `File.Write(path, text)`, `Read(path)`, `Stat(path)` and `Remove(path)`, in one folder.
#pragma once

#include "effects/adapter.h"
#include "effects/disk_thread.h"
#include "effects/json_text.h"
#include "effects/root.h"

namespace lexum {

class FileAdapter final : public Adapter {
 public:
  // The disk outlives it; it tells in tasks of the disk.
  FileAdapter(Root root, DiskThread& disk) : root_(std::move(root)), disk_(disk) {}

  void carry_out(Errand errand, Tell tell) override;

 private:
  [[nodiscard]] ErrandAnswer answer(const Errand& errand) const;
  [[nodiscard]] Result<std::string> done(const Errand& errand, const ErrandArgs& args) const;
  [[nodiscard]] Result<std::string> read(const std::string& path) const;
  [[nodiscard]] Result<std::string> stat(const std::string& path) const;

  const Root root_;
  DiskThread& disk_;
};

}  // namespace lexum
