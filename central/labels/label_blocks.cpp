#include "central/labels/label_blocks.h"

#include "core/storage/projections/reference_data.h"

#include <algorithm>

namespace cairn::central {

Result<> ensure_label_block(storage::UnitOfWork& work, const LabelConfig& config, NodeId node,
                            Incarnation inc, const LabelReserve& reserve) {
  if (config.prefix.empty()) return {};
  const auto serials = storage::label_serials(work.connection(), node, inc);
  if (serials.left() >= config.block / 2) return {};
  const std::uint64_t first = storage::next_label_serial(work.connection());
  const std::uint64_t end = config.prefix.serials();
  if (first >= end) {
    return fail(ErrorCode::kUnavailable, "no_serials_left",
                "every serial of the GS1 prefix is given out: a shorter prefix has more of them");
  }
  const domain::LabelBlockGranted granted{
      node, inc, config.prefix, {first, std::min(config.block, end - first)}};
  if (reserve) reserve(granted.block.first + granted.block.count);
  const auto at = storage::find_node(work.connection(), node);
  const auto written = work.record({domain::ReferenceEvent(granted),
                                    domain::node_key(node),
                                    at ? at->site : SiteId{},
                                    UserId{},
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return {};
}

void raise_label_floor(storage::Connection& writer, std::uint64_t floor) {
  const std::uint64_t before = storage::load_number(writer, "label_floor").value_or(0);
  if (floor > before) storage::save_number(writer, "label_floor", floor);
}

}  // namespace cairn::central
