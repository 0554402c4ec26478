// The programs of a data folder (DATA.md): the one that its run began with, and those that it was
// upgraded to, each as a file that nobody changes any more; and run.json, which lists them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "eval/load.h"
#include "store/files.h"

namespace lexum {

// BLAKE2b of its text, and of who carries out its effects where that is not nobody: what makes two
// programs the same one for a run.
Hash256 program_hash(const Program& program);

struct KnownProgram {
  std::string file;  // in the folder: "program.lxm", then "program.2.lxm" …
  Hash256 hash{};
  std::vector<EffectChoice> effects;  // that are not simulated
};

// What stays the same of a run, in run.json.
struct RunFacts {
  std::string run_id;                  // part of the keys of its effects
  std::vector<KnownProgram> programs;  // one after the other; at least one
};
Status write_facts(Files& files, const std::string& folder, const RunFacts& facts);
// kNotFound if the folder has no run, and how one begins; kDamaged if they make no sense.
Result<RunFacts> read_facts(Files& files, const std::string& folder);

// Writes its text into the folder as the next one, and gives how it is known. Another file with
// that name was never a part of the run.
Result<KnownProgram> keep_program(Files& files, const std::string& folder, size_t number,
                                  const Program& program);

// Those of a folder, each read when it is asked for.
class Programs {
 public:
  // `at_hand` may be null. `files` outlives it.
  Programs(Files& files, std::string folder, const RunFacts& facts,
           std::shared_ptr<const Program> at_hand);
  // kNotFound if the folder has had none with that hash; kDamaged if its file is not what it was.
  Result<std::shared_ptr<const Program>> get(const Hash256& hash);
  // The one that came last. kNotFound if there is none.
  Result<std::shared_ptr<const Program>> newest();

 private:
  struct Shelved {
    KnownProgram known;
    std::shared_ptr<const Program> program;  // null: it was not read yet
  };
  Files& files_;
  const std::string folder_;
  std::vector<Shelved> shelf_;
};

}  // namespace lexum
