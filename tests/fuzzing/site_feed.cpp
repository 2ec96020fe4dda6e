// A device that is sent any feed frame: it applies it or says why not, and its rows follow from its
// log.

#include "core/storage/sqlite/connection.h"
#include "core/wire/feed_frame.h"
#include "core/wire/little_endian.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/wire/support/samples.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {
namespace {

void take_feed_frame(const wire::FeedFrame& frame) {
  const NodeId self = wire::test::sample_frame().header.node;
  const SiteId site = wire::test::record_of(wire::test::sample("TaskClaimed")).site;
  storage::test::Store device(storage::test::site_identity(self, site));
  try {
    const auto applied = device.take_feed(frame);
    if (!applied) {
      const ErrorCode code = applied.error().code;
      hold(code == ErrorCode::kCorrupt || code == ErrorCode::kConflict,
           "a frame that cannot be applied is corrupt or of another hub");
      return;
    }
  } catch (const storage::SqlFailure& failure) {
    // The writer undoes the job: a hub that numbers two records alike.
    hold(failure.kind == storage::SqlFailure::Kind::kConstraint, "the database is well");
    return;
  }
  const std::string rows = storage::test::dump_projections(device.connection());
  device.rebuild();
  hold(storage::test::dump_projections(device.connection()) == rows,
       "a rebuild gives the same rows");
}

}  // namespace

void site_feed(BytesView input) {
  const auto items = wire::split_stream(input, wire::kFrameRecordsMax);
  if (!items || items->empty()) return;
  const auto count = static_cast<std::uint32_t>(items->size());
  const auto sample = wire::test::sample_feed_frame();
  const auto empty = wire::encode_feed_frame({sample.feed, sample.hub_node, sample.hub_gen, 1, {}});
  hold(empty.has_value(), "an empty frame is encoded");
  Bytes frame = empty->substr(0, empty->size() - 8);
  frame[5] = '\0';  // the body stands as it is
  Bytes sizes;
  wire::put_u32(sizes, count);
  wire::put_u32(sizes, static_cast<std::uint32_t>(input.size()));
  frame.replace(38, 8, sizes);
  wire::put_u64(frame, wire::checksum(frame, input));
  frame.append(input);
  if (const auto decoded = wire::decode_feed_frame(frame)) take_feed_frame(*decoded);
}

}  // namespace cairn::fuzz
