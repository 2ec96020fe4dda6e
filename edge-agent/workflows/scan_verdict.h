#pragma once
// What a scan, or a keyed quantity, did.

#include "core/base/ids.h"

#include <cstdint>
#include <string>

namespace cairn::agent {

struct ScanVerdict {
  enum class Kind : std::uint8_t {
    kOk,       ///< saved
    kPending,  ///< the item is right; key how many
  };
  enum class What : std::uint8_t {
    kPick,        ///< units went into the tote
    kPutBack,     ///< units went back into their bin
    kReturnFind,  ///< found what is brought back; units of it come next
    kReturnUnit,  ///< units are on the return
    kUndo,        ///< units are back in their bin, or off the return: the last scan was undone
  };
  Kind kind = Kind::kOk;
  What what = What::kPick;
  ShipGroupId group;
  std::string order_reference;
  LineNo line;  ///< 0: not about a line
  Sku sku;
  std::string name;
  std::int64_t taken_milli = 0;      ///< by this scan, or taken back
  std::int64_t line_open_milli = 0;  ///< of this line, afterwards
  std::int64_t open_milli = 0;       ///< of the whole task, afterwards
  EventRef event;                    ///< what was saved; nil while pending, and on a draft
  std::string note;                  ///< more for the person, e.g. the bin to go to
};

}  // namespace cairn::agent
