// Errands that are only written down: a line of JSON each.
#pragma once

#include "effects/adapter.h"
#include "effects/binding.h"
#include "effects/disk_thread.h"

namespace lexum {

class LogAdapter final : public Adapter {
 public:
  // Opens the file, or stderr. The disk and the secrets outlive it; it tells in tasks of the disk.
  static Result<std::unique_ptr<LogAdapter>> open(const LogBinding& binding, DiskThread& disk,
                                                  const Secrets& secrets);
  ~LogAdapter() override;
  LogAdapter(const LogAdapter&) = delete;
  LogAdapter& operator=(const LogAdapter&) = delete;

  void carry_out(Errand errand, Tell tell) override;

 private:
  LogAdapter(int file, std::string name, DiskThread& disk, const Secrets& secrets)
      : file_(file), name_(std::move(name)), disk_(disk), secrets_(secrets) {}
  [[nodiscard]] ErrandAnswer write(const Errand& errand) const;

  const int file_;
  const std::string name_;  // as people call it
  DiskThread& disk_;
  const Secrets& secrets_;
};

}  // namespace lexum
