#pragma once
// The messages around frames: what nodes ask, what the hub answers (docs/protocol.md, messages).
// Plain structs here, Protobuf on the wire. Decoding checks form and limits, not meaning. Any
// thread.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/crypto/hash.h"
#include "core/domain/returns/sale.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::wire {

/// Highest protocol version this program speaks.
inline constexpr std::uint32_t kProtocolVersion = 1;

struct FeedCursor {
  std::string feed;
  HubGeneration hub_gen;
  std::uint64_t fseq = 0;  ///< last position applied
  friend bool operator==(const FeedCursor&, const FeedCursor&) = default;
};

struct FeedHead {
  std::string feed;
  std::uint64_t head = 0;    ///< last position there is
  std::uint64_t low = 1;     ///< oldest position still served
  std::uint64_t common = 0;  ///< answer to HELLO: so far the asker's copy is the hub's own feed
  std::uint64_t given = 0;   ///< answer to HELLO: so far others gave the asker's generation back
  friend bool operator==(const FeedHead&, const FeedHead&) = default;
};

struct Hello {
  Incarnation inc;
  std::uint64_t head = 0;
  crypto::Hash128 h_head{};
  std::uint64_t acked = 0;
  crypto::Hash128 h_acked{};
  std::uint64_t boot_nonce = 0;
  std::uint32_t protocol = kProtocolVersion;
  std::vector<EventRef> vv;
  std::vector<FeedCursor> cursors;  ///< of each feed: earlier generations first, the last one holds
  UtcTime wall;
  MonoTime mono;
  Incarnation writing_inc;  ///< writes now; `inc` itself, or a later one
  friend bool operator==(const Hello&, const Hello&) = default;
};

struct Fetch {
  std::string feed;
  std::uint64_t after = 0;
  std::uint32_t max_bytes = 0;
  bool verbatim = false;
  friend bool operator==(const Fetch&, const Fetch&) = default;
};

/// Which sales are behind a label, a receipt or an order's number? Asked when somebody brings back
/// what another site sold.
struct Find {
  std::string text;  ///< 1-256 octets
  friend bool operator==(const Find&, const Find&) = default;
};

/// The hub's chain hashes of an incarnation of the asker, to find where the two logs part.
struct Compare {
  static constexpr std::size_t kMost = 64;
  Incarnation inc;
  std::vector<std::uint64_t> seqs;  ///< at most kMost
  friend bool operator==(const Compare&, const Compare&) = default;
};

/// A part of the asker's copy of a feed that the hub does not remember any more: it was put back.
struct Give {
  Bytes frame;           ///< an encoded feed frame of the generation it came from, without runs
  HubGeneration to_gen;  ///< the generation that said what it lacks
  friend bool operator==(const Give&, const Give&) = default;
};

/// The rows of a table in whatever order: how many, and the sum of their hashes modulo 2^64.
struct TableSum {
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;
  friend bool operator==(const TableSum&, const TableSum&) = default;
};

/// Is what the asker has at these cursors what the hub has?
struct Check {
  static constexpr std::size_t kMostTables = 64;
  std::vector<FeedCursor> cursors;
  std::vector<TableSum> tables;  ///< at most kMostTables
  friend bool operator==(const Check&, const Check&) = default;
};

/// A part of a snapshot (snapshot.h).
struct Part {
  std::optional<crypto::Hash128> snap_id;  ///< nothing: the newest there is; then number is 0
  std::uint32_t number = 0;                ///< from 1; 0: the manifest
  friend bool operator==(const Part&, const Part&) = default;
};

struct Request {
  std::uint64_t correlation = 0;
  std::variant<Hello, Fetch, Find, Compare, Check, Give, Part> body;
  friend bool operator==(const Request&, const Request&) = default;
};

enum class Verdict : std::uint8_t { kResume = 1, kRefused = 2, kForked = 3, kBehind = 4 };

struct HelloReply {
  Verdict verdict = Verdict::kRefused;
  std::string detail;
  HubGeneration hub_gen;
  NodeId hub_node;
  UtcTime hub_time;
  std::uint64_t hwm = 0;
  crypto::Hash128 h_hwm{};
  std::uint64_t safe = 0;
  std::uint64_t credit_bytes = 0;
  std::uint64_t credit_events = 0;
  std::vector<FeedHead> feeds;
  UtcTime wall;           ///< echo of Hello::wall
  bool snapshot = false;  ///< the asker is so far behind that it should ask for a snapshot
  Hlc hub_hlc;            ///< the hub's last stamp; 0: an older hub's answer
  friend bool operator==(const HelloReply&, const HelloReply&) = default;
};

struct FetchReply {
  std::string feed;
  Bytes frame;  ///< an encoded feed frame; empty: nothing after the cursor
  std::uint64_t head = 0;
  std::uint64_t low = 1;
  friend bool operator==(const FetchReply&, const FetchReply&) = default;
};

struct FindReply {
  std::vector<domain::Sale> sales;  ///< what may still come back; empty: nothing
  friend bool operator==(const FindReply&, const FindReply&) = default;
};

struct CompareReply {
  /// As many as were asked; nothing where the hub has no such record.
  std::vector<std::optional<crypto::Hash128>> chains;
  friend bool operator==(const CompareReply&, const CompareReply&) = default;
};

struct GiveReply {
  std::uint64_t taken = 0;    ///< records that were not here
  std::uint64_t refused = 0;  ///< not believed, or something newer is known
  friend bool operator==(const GiveReply&, const GiveReply&) = default;
};

struct CheckReply {
  bool moved = false;                ///< a feed has gone on meanwhile: nothing was compared
  std::vector<std::string> differs;  ///< tables; empty: all are equal
  friend bool operator==(const CheckReply&, const CheckReply&) = default;
};

struct PartReply {
  std::optional<crypto::Hash128> snap_id;  ///< of which snapshot; nothing: there is none
  std::uint32_t number = 0;                ///< as asked
  Bytes octets;                            ///< empty: the snapshot asked for is not there any more
  friend bool operator==(const PartReply&, const PartReply&) = default;
};

/// Correlation 0: nobody asked (the hub pushes the node's own feed this way).
struct Response {
  std::uint64_t correlation = 0;
  std::variant<HelloReply, FetchReply, FindReply, CompareReply, CheckReply, GiveReply, PartReply>
      body;
  friend bool operator==(const Response&, const Response&) = default;
};

struct ParkedRecord {
  std::uint64_t seq = 0;
  std::string reason;
  friend bool operator==(const ParkedRecord&, const ParkedRecord&) = default;
};

struct Ack {
  Incarnation inc;
  std::uint64_t hwm = 0;
  crypto::Hash128 h_hwm{};
  std::uint64_t safe = 0;
  std::uint64_t credit_bytes = 0;
  std::uint64_t credit_events = 0;
  HubGeneration hub_gen;
  UtcTime hub_time;
  std::vector<ParkedRecord> parked;
  std::uint64_t gap_from = 0;  ///< 0: no gap
  bool hello = false;          ///< the hub does not know this incarnation: say HELLO
  friend bool operator==(const Ack&, const Ack&) = default;
};

struct Doorbell {
  HubGeneration hub_gen;
  std::vector<FeedHead> feeds;
  friend bool operator==(const Doorbell&, const Doorbell&) = default;
};

struct Presence {
  bool online = false;
  Incarnation inc;
  std::uint64_t session_no = 0;
  UtcTime at;
  friend bool operator==(const Presence&, const Presence&) = default;
};

Bytes encode(const Request& request);
Bytes encode(const Response& response);
Bytes encode(const Ack& ack);
Bytes encode(const Doorbell& doorbell);
Bytes encode(const Presence& presence);

/// Errors of all: kCorrupt "bad_message".
Result<Request> decode_request(BytesView bytes);
Result<Response> decode_response(BytesView bytes);
Result<Ack> decode_ack(BytesView bytes);
Result<Doorbell> decode_doorbell(BytesView bytes);
Result<Presence> decode_presence(BytesView bytes);

}  // namespace cairn::wire
