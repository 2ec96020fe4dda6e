#include "core/wire/message.h"

#include "core/wire/detail/convert.h"

#include "sync.pb.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

constexpr int kMaxListed = 10'000;  // versions, cursors, feeds, parked records in one message
constexpr std::size_t kPartReplyMost = 960U << 10U;  // a part is a frame, a manifest may be longer

v1::FeedHead to_proto(const FeedHead& head) {
  v1::FeedHead proto;
  proto.set_feed(head.feed);
  proto.set_head(head.head);
  proto.set_low(head.low);
  proto.set_common(head.common);
  proto.set_given(head.given);
  return proto;
}

FeedHead from_proto(const v1::FeedHead& proto) {
  return {proto.feed(), proto.head(), proto.low(), proto.common(), proto.given()};
}

v1::Cursor to_proto(const FeedCursor& cursor) {
  v1::Cursor proto;
  proto.set_feed(cursor.feed);
  proto.set_hub_gen(cursor.hub_gen.value());
  proto.set_fseq(cursor.fseq);
  return proto;
}

FeedCursor from_proto(const v1::Cursor& proto) {
  return {proto.feed(), HubGeneration(proto.hub_gen()), proto.fseq()};
}

void fill(v1::Request& proto, const Hello& hello) {
  auto& out = *proto.mutable_hello();
  out.set_inc(hello.inc.value());
  out.set_head(hello.head);
  out.set_h_head(crypto::to_bytes(hello.h_head));
  out.set_acked(hello.acked);
  out.set_h_acked(crypto::to_bytes(hello.h_acked));
  out.set_boot_nonce(hello.boot_nonce);
  out.set_protocol(hello.protocol);
  for (const EventRef& version : hello.vv) {
    auto& entry = *out.add_vv();
    entry.set_node(version.node.value().bytes());
    entry.set_inc(version.inc.value());
    entry.set_seq(version.seq);
  }
  for (const FeedCursor& cursor : hello.cursors) *out.add_cursors() = to_proto(cursor);
  out.set_wall_us(hello.wall.us);
  out.set_mono_us(hello.mono.us);
  if (hello.writing_inc != hello.inc) out.set_writing_inc(hello.writing_inc.value());
}

void fill(v1::Request& proto, const Fetch& fetch) {
  auto& out = *proto.mutable_fetch();
  out.set_feed(fetch.feed);
  out.set_after(fetch.after);
  out.set_max_bytes(fetch.max_bytes);
  out.set_verbatim(fetch.verbatim);
}

void fill(v1::Request& proto, const Find& find) { proto.mutable_find()->set_text(find.text); }

void fill(v1::Request& proto, const Compare& compare) {
  auto& out = *proto.mutable_compare();
  out.set_inc(compare.inc.value());
  for (const std::uint64_t seq : compare.seqs) out.add_seqs(seq);
}

void fill(v1::Request& proto, const Give& give) {
  proto.mutable_give()->set_frame(give.frame);
  proto.mutable_give()->set_to_gen(give.to_gen.value());
}

void fill(v1::Response& proto, const GiveReply& reply) {
  proto.mutable_give()->set_taken(reply.taken);
  proto.mutable_give()->set_refused(reply.refused);
}

Bytes id_octets(const std::optional<crypto::Hash128>& id) {
  return id ? crypto::to_bytes(*id) : Bytes();
}

std::optional<crypto::Hash128> id_from_octets(const std::string& octets) {
  if (octets.empty()) return std::nullopt;
  return require(crypto::hash_from_bytes(octets));
}

void fill(v1::Request& proto, const Part& part) {
  proto.mutable_part()->set_snap_id(id_octets(part.snap_id));
  proto.mutable_part()->set_number(part.number);
}

Part read(const v1::Part& in) {
  require_that(!in.snap_id().empty() || in.number() == 0, "a part of no snapshot");
  return {id_from_octets(in.snap_id()), in.number()};
}

void fill(v1::Response& proto, const PartReply& reply) {
  auto& out = *proto.mutable_part();
  out.set_snap_id(id_octets(reply.snap_id));
  out.set_number(reply.number);
  out.set_octets(reply.octets);
}

PartReply read(const v1::PartReply& in) {
  require_that(!in.snap_id().empty() || in.octets().empty(), "a part of no snapshot");
  require_that(in.octets().size() <= kPartReplyMost, "a part that is too large");
  return {id_from_octets(in.snap_id()), in.number(), in.octets()};
}

void fill(v1::Request& proto, const Check& check) {
  auto& out = *proto.mutable_check();
  for (const FeedCursor& cursor : check.cursors) *out.add_cursors() = to_proto(cursor);
  for (const TableSum& table : check.tables) {
    auto& entry = *out.add_tables();
    entry.set_table(table.table);
    entry.set_rows(table.rows);
    entry.set_sum(table.sum);
  }
}

Check read(const v1::Check& in) {
  require_that(
      in.cursors_size() <= kMaxListed && in.tables_size() <= static_cast<int>(Check::kMostTables),
      "too many entries");
  Check check;
  for (const auto& cursor : in.cursors()) check.cursors.push_back(from_proto(cursor));
  for (const auto& table : in.tables()) {
    check.tables.push_back({table.table(), table.rows(), table.sum()});
  }
  return check;
}

void fill(v1::Response& proto, const CheckReply& reply) {
  auto& out = *proto.mutable_check();
  out.set_moved(reply.moved);
  for (const std::string& table : reply.differs) out.add_differs(table);
}

CheckReply read(const v1::CheckReply& in) {
  require_that(in.differs_size() <= static_cast<int>(Check::kMostTables), "too many entries");
  return {in.moved(), {in.differs().begin(), in.differs().end()}};
}

void fill(v1::Response& proto, const CompareReply& reply) {
  auto& out = *proto.mutable_compare();
  for (const auto& chain : reply.chains) out.add_chains(chain ? crypto::to_bytes(*chain) : Bytes());
}

CompareReply read(const v1::CompareReply& in) {
  require_that(in.chains_size() <= static_cast<int>(Compare::kMost), "too many chain hashes");
  CompareReply reply;
  for (const std::string& chain : in.chains()) {
    if (chain.empty()) {
      reply.chains.emplace_back();
    } else {
      reply.chains.emplace_back(require(crypto::hash_from_bytes(chain)));
    }
  }
  return reply;
}

void fill(v1::Response& proto, const FindReply& reply) {
  auto& out = *proto.mutable_find();
  for (const domain::Sale& sale : reply.sales) {
    auto& entry = *out.add_sales();
    entry.set_group(sale.group.value().bytes());
    entry.set_order(sale.order.value().bytes());
    entry.set_order_reference(sale.order_reference);
    for (const domain::SaleLine& line : sale.lines) {
      auto& item = *entry.add_lines();
      item.set_line(line.sold.line.value());
      item.set_sku(line.sold.sku.text());
      item.set_name(line.sold.name);
      for (const Gtin& gtin : line.gtins) item.add_gtins(gtin.text());
      item.set_sold_milli(static_cast<std::uint64_t>(line.sold.sold.milli));
      item.set_uom(static_cast<std::uint32_t>(line.sold.sold.uom));
      *item.mutable_unit_price() = wire::to_proto(line.sold.unit_price);
    }
  }
}

domain::Sale sale_from(const v1::Sale& proto) {
  domain::Sale sale{id_from<ShipGroupId>(proto.group()),
                    id_from<OrderId>(proto.order()),
                    proto.order_reference(),
                    {}};
  require_that(proto.lines_size() <= kMaxListed, "too many lines");
  for (const auto& item : proto.lines()) {
    domain::SaleLine line{{line_from(item.line()),
                           require(Sku::parse(item.sku())),
                           item.name(),
                           {milli_from(item.sold_milli()), uom_from(item.uom())},
                           wire::from_proto(item.unit_price())},
                          {}};
    for (const std::string& gtin : item.gtins()) line.gtins.push_back(require(Gtin::parse(gtin)));
    sale.lines.push_back(std::move(line));
  }
  return sale;
}

void fill(v1::Response& proto, const HelloReply& reply) {
  auto& out = *proto.mutable_hello();
  out.set_verdict(static_cast<v1::Verdict>(reply.verdict));
  out.set_detail(reply.detail);
  out.set_hub_gen(reply.hub_gen.value());
  out.set_hub_node(reply.hub_node.value().bytes());
  out.set_hub_time_us(reply.hub_time.us);
  out.set_hwm(reply.hwm);
  out.set_h_hwm(crypto::to_bytes(reply.h_hwm));
  out.set_safe(reply.safe);
  out.set_credit_bytes(reply.credit_bytes);
  out.set_credit_events(reply.credit_events);
  for (const FeedHead& head : reply.feeds) *out.add_feeds() = to_proto(head);
  out.set_wall_us(reply.wall.us);
  out.set_snapshot(reply.snapshot);
  out.set_hub_hlc(reply.hub_hlc.value);
}

void fill(v1::Response& proto, const FetchReply& reply) {
  auto& out = *proto.mutable_fetch();
  out.set_feed(reply.feed);
  out.set_frame(reply.frame);
  out.set_head(reply.head);
  out.set_low(reply.low);
}

Hello read(const v1::Hello& in) {
  require_that(in.vv_size() <= kMaxListed && in.cursors_size() <= kMaxListed, "too many entries");
  Hello hello;
  hello.inc = Incarnation(in.inc());
  hello.head = in.head();
  hello.h_head = require(crypto::hash_from_bytes(in.h_head()));
  hello.acked = in.acked();
  hello.h_acked = require(crypto::hash_from_bytes(in.h_acked()));
  hello.boot_nonce = in.boot_nonce();
  hello.protocol = in.protocol();
  for (const auto& version : in.vv()) {
    hello.vv.push_back(
        {id_from<NodeId>(version.node()), Incarnation(version.inc()), version.seq()});
  }
  for (const auto& cursor : in.cursors()) hello.cursors.push_back(from_proto(cursor));
  hello.wall = time_from(in.wall_us());
  hello.mono = MonoTime{in.mono_us()};
  hello.writing_inc = in.writing_inc() != 0 ? Incarnation(in.writing_inc()) : hello.inc;
  return hello;
}

HelloReply read(const v1::HelloReply& in) {
  require_that(in.feeds_size() <= kMaxListed, "too many entries");
  require_that(in.verdict() >= v1::RESUME && in.verdict() <= v1::BEHIND, "unknown verdict");
  HelloReply reply;
  reply.verdict = static_cast<Verdict>(in.verdict());
  reply.detail = in.detail();
  reply.hub_gen = HubGeneration(in.hub_gen());
  reply.hub_node = id_from<NodeId>(in.hub_node());
  reply.hub_time = time_from(in.hub_time_us());
  reply.hwm = in.hwm();
  reply.h_hwm = require(crypto::hash_from_bytes(in.h_hwm()));
  reply.safe = in.safe();
  reply.credit_bytes = in.credit_bytes();
  reply.credit_events = in.credit_events();
  for (const auto& head : in.feeds()) reply.feeds.push_back(from_proto(head));
  reply.wall = time_from(in.wall_us());
  reply.snapshot = in.snapshot();
  reply.hub_hlc = Hlc{in.hub_hlc()};
  return reply;
}

/// Runs a reader that may throw BadField.
template <class T, class Reader>
Result<T> guarded(Reader reader) {
  try {
    return reader();
  } catch (const BadField& field) {
    return fail(ErrorCode::kCorrupt, "bad_message", fmt::format("message: {}", field.what));
  }
}

}  // namespace

Bytes encode(const Request& request) {
  v1::Request proto;
  proto.set_correlation(request.correlation);
  std::visit([&proto](const auto& body) { fill(proto, body); }, request.body);
  return proto.SerializeAsString();
}

Bytes encode(const Response& response) {
  v1::Response proto;
  proto.set_correlation(response.correlation);
  std::visit([&proto](const auto& body) { fill(proto, body); }, response.body);
  return proto.SerializeAsString();
}

Bytes encode(const Ack& ack) {
  v1::Ack proto;
  proto.set_inc(ack.inc.value());
  proto.set_hwm(ack.hwm);
  proto.set_h_hwm(crypto::to_bytes(ack.h_hwm));
  proto.set_safe(ack.safe);
  proto.set_credit_bytes(ack.credit_bytes);
  proto.set_credit_events(ack.credit_events);
  proto.set_hub_gen(ack.hub_gen.value());
  proto.set_hub_time_us(ack.hub_time.us);
  for (const ParkedRecord& parked : ack.parked) {
    auto& entry = *proto.add_parked();
    entry.set_seq(parked.seq);
    entry.set_reason(parked.reason);
  }
  proto.set_gap_from(ack.gap_from);
  proto.set_hello(ack.hello);
  return proto.SerializeAsString();
}

Bytes encode(const Doorbell& doorbell) {
  v1::Doorbell proto;
  proto.set_hub_gen(doorbell.hub_gen.value());
  for (const FeedHead& head : doorbell.feeds) *proto.add_feeds() = to_proto(head);
  return proto.SerializeAsString();
}

Bytes encode(const Presence& presence) {
  v1::Presence proto;
  proto.set_online(presence.online);
  proto.set_inc(presence.inc.value());
  proto.set_session_no(presence.session_no);
  proto.set_at_us(presence.at.us);
  return proto.SerializeAsString();
}

Result<Request> decode_request(BytesView bytes) {
  return guarded<Request>([bytes]() -> Request {
    const auto proto = parse<v1::Request>(bytes);
    if (proto.has_hello()) return {proto.correlation(), read(proto.hello())};
    if (proto.has_find()) {
      const std::string& text = proto.find().text();
      require_that(!text.empty() && text.size() <= 256, "a question of no or too many octets");
      return {proto.correlation(), Find{text}};
    }
    if (proto.has_compare()) {
      const auto& in = proto.compare();
      require_that(in.seqs_size() <= static_cast<int>(Compare::kMost), "too many records compared");
      return {proto.correlation(),
              Compare{Incarnation(in.inc()), {in.seqs().begin(), in.seqs().end()}}};
    }
    if (proto.has_give()) {
      const v1::Give& give = proto.give();
      return {proto.correlation(), Give{give.frame(), HubGeneration(give.to_gen())}};
    }
    if (proto.has_check()) return {proto.correlation(), read(proto.check())};
    if (proto.has_part()) return {proto.correlation(), read(proto.part())};
    require_that(proto.has_fetch(), "a request of an unknown kind");
    const auto& fetch = proto.fetch();
    return {proto.correlation(),
            Fetch{fetch.feed(), fetch.after(), fetch.max_bytes(), fetch.verbatim()}};
  });
}

Result<Response> decode_response(BytesView bytes) {
  return guarded<Response>([bytes]() -> Response {
    const auto proto = parse<v1::Response>(bytes);
    if (proto.has_hello()) return {proto.correlation(), read(proto.hello())};
    if (proto.has_find()) {
      require_that(proto.find().sales_size() <= kMaxListed, "too many sales");
      FindReply reply;
      for (const auto& sale : proto.find().sales()) reply.sales.push_back(sale_from(sale));
      return {proto.correlation(), reply};
    }
    if (proto.has_compare()) return {proto.correlation(), read(proto.compare())};
    if (proto.has_give()) {
      return {proto.correlation(), GiveReply{proto.give().taken(), proto.give().refused()}};
    }
    if (proto.has_check()) return {proto.correlation(), read(proto.check())};
    if (proto.has_part()) return {proto.correlation(), read(proto.part())};
    require_that(proto.has_fetch(), "a response of an unknown kind");
    const auto& fetch = proto.fetch();
    return {proto.correlation(),
            FetchReply{fetch.feed(), fetch.frame(), fetch.head(), fetch.low()}};
  });
}

Result<Ack> decode_ack(BytesView bytes) {
  return guarded<Ack>([bytes]() -> Ack {
    const auto proto = parse<v1::Ack>(bytes);
    require_that(proto.parked_size() <= kMaxListed, "too many entries");
    Ack ack;
    ack.inc = Incarnation(proto.inc());
    ack.hwm = proto.hwm();
    ack.h_hwm = require(crypto::hash_from_bytes(proto.h_hwm()));
    ack.safe = proto.safe();
    ack.credit_bytes = proto.credit_bytes();
    ack.credit_events = proto.credit_events();
    ack.hub_gen = HubGeneration(proto.hub_gen());
    ack.hub_time = time_from(proto.hub_time_us());
    for (const auto& parked : proto.parked()) ack.parked.push_back({parked.seq(), parked.reason()});
    ack.gap_from = proto.gap_from();
    ack.hello = proto.hello();
    return ack;
  });
}

Result<Doorbell> decode_doorbell(BytesView bytes) {
  return guarded<Doorbell>([bytes]() -> Doorbell {
    const auto proto = parse<v1::Doorbell>(bytes);
    require_that(proto.feeds_size() <= kMaxListed, "too many entries");
    Doorbell doorbell{HubGeneration(proto.hub_gen()), {}};
    for (const auto& head : proto.feeds()) doorbell.feeds.push_back(from_proto(head));
    return doorbell;
  });
}

Result<Presence> decode_presence(BytesView bytes) {
  return guarded<Presence>([bytes]() -> Presence {
    const auto proto = parse<v1::Presence>(bytes);
    return {proto.online(), Incarnation(proto.inc()), proto.session_no(), time_from(proto.at_us())};
  });
}

}  // namespace cairn::wire
