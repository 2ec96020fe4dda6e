#include "core/wire/feed_frame.h"

#include "core/wire/detail/convert.h"
#include "core/wire/little_endian.h"

#include "sync.pb.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

constexpr std::size_t kChainSize = 16;  // crypto::Hash128
constexpr std::size_t kSealSize = 8;

constexpr BytesView kMagic = "CRF1";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kRunMax = 1U << 20U;
constexpr std::size_t kItemsMax = 4096;  // as many positions as a log reads at once (EventLog)

tl::unexpected<Error> bad(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_feed_frame", fmt::format("feed frame: {}", why));
}

Bytes encode(const HubItem& item) {
  v1::FeedItem proto;
  proto.mutable_hub()->set_seq(item.seq);
  proto.mutable_hub()->set_record(item.record);
  proto.mutable_hub()->set_inc(item.inc.value());
  proto.mutable_hub()->set_seal(item.seal);
  return proto.SerializeAsString();
}

Bytes encode(const AuthorItem& item) {
  v1::FeedItem proto;
  auto& author = *proto.mutable_author();
  author.set_node(item.ref.node.value().bytes());
  author.set_inc(item.ref.inc.value());
  author.set_seq(item.ref.seq);
  author.set_record(item.record);
  author.set_chain(item.chain);
  return proto.SerializeAsString();
}

Bytes encode(const AuthorRun& item) {
  v1::FeedItem proto;
  auto& run = *proto.mutable_run();
  run.set_node(item.first.node.value().bytes());
  run.set_inc(item.first.inc.value());
  run.set_from(item.first.seq);
  run.set_to(item.last_seq);
  run.set_chain(item.chain);
  return proto.SerializeAsString();
}

/// What a database can number. Throws BadField.
std::uint64_t seq_from(std::uint64_t seq) {
  require_that(seq >= 1 && seq <= static_cast<std::uint64_t>(INT64_MAX), "sequence out of range");
  return seq;
}

/// Throws BadField.
FeedItem decode(BytesView bytes) {
  const auto proto = parse<v1::FeedItem>(bytes);
  switch (proto.item_case()) {
    case v1::FeedItem::kHub: {
      const auto& hub = proto.hub();
      require_that(hub.inc() <= static_cast<std::uint64_t>(INT64_MAX), "generation out of range");
      require_that(hub.seal().empty() || hub.seal().size() == kSealSize, "a seal has 8 octets");
      return HubItem{seq_from(hub.seq()), hub.record(), Incarnation(hub.inc()), hub.seal()};
    }
    case v1::FeedItem::kAuthor: {
      const auto& author = proto.author();
      require_that(author.chain().empty() || author.chain().size() == kChainSize,
                   "a chain hash has 16 octets");
      return AuthorItem{
          {id_from<NodeId>(author.node()), Incarnation(author.inc()), seq_from(author.seq())},
          author.record(),
          author.chain()};
    }
    case v1::FeedItem::kRun: {
      const auto& run = proto.run();
      require_that(run.from() >= 1 && run.to() >= run.from() && run.to() - run.from() < kRunMax,
                   "run out of range");
      require_that(run.chain().empty() || run.chain().size() == kChainSize,
                   "a chain hash has 16 octets");
      return AuthorRun{{id_from<NodeId>(run.node()), Incarnation(run.inc()), run.from()},
                       seq_from(run.to()),
                       run.chain()};
    }
    default:
      throw BadField{"item of an unknown kind"};
  }
}

Result<std::vector<FeedItem>> decode_items(std::uint8_t flags, BytesView body,
                                           std::uint32_t raw_size) {
  const auto raw = unpack_body(flags, body, raw_size);
  if (!raw) return fail(raw.error());
  const auto messages = split_stream(*raw, kItemsMax);
  if (!messages) return fail(messages.error());
  std::vector<FeedItem> items;
  try {
    for (const Bytes& message : *messages) items.push_back(decode(message));
  } catch (const BadField& field) {
    return bad(field.what);
  }
  return items;
}

}  // namespace

std::uint64_t positions_of(const FeedItem& item) {
  const auto* const run = std::get_if<AuthorRun>(&item);
  return run == nullptr ? 1 : run->last_seq - run->first.seq + 1;
}

std::uint64_t FeedFrame::count() const {
  std::uint64_t sum = 0;
  for (const FeedItem& item : items) sum += positions_of(item);
  return sum;
}

Result<Bytes> encode_feed_frame(const FeedFrame& frame) {
  std::vector<Bytes> messages;
  messages.reserve(frame.items.size());
  for (const FeedItem& item : frame.items) {
    messages.push_back(std::visit([](const auto& i) { return encode(i); }, item));
  }
  const Bytes raw = join_stream(messages);
  const Body body = pack_body(raw);
  Bytes bytes(kMagic);
  put_u8(bytes, kVersion);
  put_u8(bytes, body.flags);
  bytes += frame.hub_node.value().bytes();
  put_u64(bytes, frame.hub_gen.value());
  put_u64(bytes, frame.base_fseq);
  put_u32(bytes, static_cast<std::uint32_t>(frame.count()));
  put_u32(bytes, static_cast<std::uint32_t>(raw.size()));
  put_u8(bytes, static_cast<std::uint8_t>(frame.feed.size()));
  bytes += frame.feed;
  put_u64(bytes, checksum(bytes, body.octets));
  bytes += body.octets;
  if (bytes.size() > kFrameSizeMax || raw.size() > kFrameRawMax || frame.feed.size() > 255) {
    return fail(ErrorCode::kInvalid, "frame_too_large",
                fmt::format("a feed frame of {} octets", bytes.size()));
  }
  return bytes;
}

Result<FeedFrame> decode_feed_frame(BytesView bytes) {
  if (bytes.size() > kFrameSizeMax) return bad("too large");
  HeaderReader in(bytes);
  FeedFrame frame;
  if (in.bytes(kMagic.size()) != kMagic) return bad("wrong magic");
  if (in.u8() != kVersion) return bad("unknown version");
  const std::uint8_t flags = in.u8();
  if ((flags & ~kFlagZstd) != 0) return bad("unknown flags");
  const BytesView hub_node = in.bytes(Uuid::kSize);
  frame.hub_gen = HubGeneration(in.u64());
  frame.base_fseq = in.u64();
  const std::uint32_t count = in.u32();
  const std::uint32_t raw_size = in.u32();
  frame.feed = std::string(in.bytes(in.u8()));
  const std::size_t sealed = bytes.size() - in.rest().size();
  const std::uint64_t expected = in.u64();
  if (in.failed()) return bad("cut off");
  if (checksum(bytes.substr(0, sealed), in.rest()) != expected) return bad("wrong checksum");
  frame.hub_node = NodeId(*Uuid::from_bytes(hub_node));
  auto items = decode_items(flags, in.rest(), raw_size);
  if (!items) return fail(items.error());
  frame.items = *std::move(items);
  if (frame.base_fseq == 0 || frame.base_fseq > static_cast<std::uint64_t>(INT64_MAX) - count ||
      frame.items.empty() || frame.count() != count) {
    return bad("position or count is wrong");
  }
  return frame;
}

}  // namespace cairn::wire
