#include "core/program/replay_note.h"

#include <string>

namespace cairn::program {

void tell_replayed(Log& log, const Result<std::size_t>& released) {
  if (!released) {
    log.error("quarantine_not_replayed", {{"why", released.error().message}});
  } else if (*released > 0) {
    log.info("quarantine_replayed", {{"released", std::to_string(*released)}});
  }
}

}  // namespace cairn::program
