#pragma once
// Serials for labels, given to devices in blocks, so that each can print without a network and no
// number is used twice. A block is for one incarnation: a device with a restored or empty database
// gets a new one. Loop only.

#include "core/domain/label/label_numbers.h"
#include "core/storage/unit_of_work.h"

#include <functional>

namespace cairn::central {

struct LabelConfig {
  domain::Gs1Prefix prefix;  ///< empty: this company prints no labels
  std::uint64_t block = 10'000;
};

/// Told before a block is given out: the serial after its last one.
using LabelReserve = std::function<void(std::uint64_t end)>;

/// Gives the incarnation another block if less than half of one is left. Errors: kUnavailable
/// "no_serials_left" (the prefix is used up), "record_too_large".
Result<> ensure_label_block(storage::UnitOfWork& work, const LabelConfig& config, NodeId node,
                            Incarnation inc, const LabelReserve& reserve = {});

/// Serials below `floor` are not given out any more: they may have been, by a database that was
/// newer than this one.
void raise_label_floor(storage::Connection& writer, std::uint64_t floor);

}  // namespace cairn::central
