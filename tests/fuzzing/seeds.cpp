// Writes seeds for exploring, made by the real encoders: cairn_fuzz_seeds CORPUS. Text seeds (JSON,
// CSV, requests, devices) are written by hand.

#include "core/domain/registry.h"
#include "core/storage/event_log.h"
#include "core/wire/event_codec.h"
#include "core/wire/frame.h"
#include "core/wire/little_endian.h"
#include "core/wire/message.h"
#include "core/wire/record_stream.h"
#include "core/wire/snapshot.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/wire/support/samples.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace cairn::fuzz {
namespace {

using storage::test::node;
using storage::test::site;
using wire::test::record_of;
using wire::test::sample;

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void write(const std::string& target, const std::string& name, BytesView octets) {
    constexpr std::size_t kOctetsALine = 32;
    std::filesystem::create_directories(folder_ / target);
    std::ofstream file(folder_ / target / (name + ".hex"));
    for (std::size_t at = 0; at < octets.size(); at += kOctetsALine) {
      file << to_hex(octets.substr(at, kOctetsALine)) << "\n";
    }
  }

 private:
  std::filesystem::path folder_;
};

Bytes octets_of(const std::string& name) {
  return wire::encode_record(record_of(sample(name))).value();
}

void write_payloads(Corpus& corpus) {
  const auto& types = domain::event_types();
  for (const auto& one : wire::test::samples()) {
    const auto type = std::ranges::find(types, domain::type_of(one.event), &domain::EventType::id);
    corpus.write("payload", one.name,
                 static_cast<char>(type - types.begin()) + wire::encode_payload(one.event));
  }
}

/// A site's day in records of one device.
void write_uplinks(Corpus& corpus) {
  std::vector<Bytes> day;
  for (const auto& one : wire::test::samples()) {
    day.push_back(wire::encode_record(record_of(one)).value());
  }
  corpus.write("hub_uplink", "one_of_each", wire::join_stream(day));
  const Bytes pick = octets_of("LinePicked");
  corpus.write("hub_uplink", "picks",
               wire::join_stream({octets_of("TaskClaimed"), pick, pick, octets_of("PackageClosed"),
                                  octets_of("ReturnTaken")}));
}

void write_feeds(Corpus& corpus) {
  const auto frame = wire::test::sample_feed_frame();
  const Bytes whole = wire::encode_feed_frame(frame).value();
  const std::size_t head = 47 + frame.feed.size() + 8;
  const auto raw = wire::unpack_body(
      static_cast<std::uint8_t>(whole[5]), BytesView(whole).substr(head),
      static_cast<unsigned char>(whole[42]) + 256U * static_cast<unsigned char>(whole[43]));
  corpus.write("site_feed", "sample", raw.value());
  corpus.write("feed_frame", "items", raw.value());
}

wire::Hello hello() {
  wire::Hello hello;
  hello.inc = Incarnation(1);
  hello.h_head = hello.h_acked = crypto::chain_start(node(1), Incarnation(1));
  hello.boot_nonce = 7;
  hello.vv = {{node(1), Incarnation(1), 3}};
  hello.cursors = {{"site:store", HubGeneration(77), 2}};
  hello.wall = {1'790'000'001'000'000};
  hello.mono = {2'000'000};
  hello.writing_inc = Incarnation(1);
  return hello;
}

wire::HelloReply resume() {
  wire::HelloReply reply;
  reply.verdict = wire::Verdict::kResume;
  reply.hub_gen = HubGeneration(77);
  reply.hub_node = node(77);
  reply.hub_time = reply.wall = {1'790'000'001'000'000};
  reply.h_hwm = crypto::chain_start(node(1), Incarnation(1));
  reply.credit_events = 1000;
  reply.feeds = {{"cat", 0, 1}, {"site:store", 4, 1}};
  return reply;
}

Bytes sale() {
  domain::Sale sale{storage::test::group_id(1), storage::test::order_id(1), "web-1", {}};
  sale.lines.push_back({{LineNo(1), storage::test::sku("A1"), "Article", Quantity::pieces(2),
                         storage::test::pounds(199)},
                        {storage::test::gtin(1)}});
  return encode(wire::Response{3, wire::FindReply{{sale}}});
}

wire::Ack ack(std::uint64_t hwm) {
  wire::Ack ack;
  ack.inc = Incarnation(1);
  ack.hwm = hwm;
  ack.credit_events = 100;
  ack.hub_gen = HubGeneration(77);
  ack.hub_time = {1'790'000'001'000'000};
  ack.parked = {{1, "unknown event type"}};
  return ack;
}

wire::SnapshotManifest manifest() {
  const auto hash = crypto::blake2b_128({"part"});
  return {node(77),
          HubGeneration(77),
          {{"cat", 5, {{hash, 300, 3}, {hash, 200, 5}}}, {"site:store", 0, {}}},
          {{{node(1), Incarnation(1), 3}, hash}}};
}

void write_messages(Corpus& corpus) {
  const std::vector<std::pair<std::string, Bytes>> all{
      {"hello", encode(wire::Request{1, hello()})},
      {"fetch", encode(wire::Request{2, wire::Fetch{"site:store", 4, 65'536, true}})},
      {"find", encode(wire::Request{3, wire::Find{"web-1"}})},
      {"compare", encode(wire::Request{4, wire::Compare{Incarnation(1), {0, 1, 2, 900}}})},
      {"resume", encode(wire::Response{1, resume()})},
      {"fetched", encode(wire::Response{2, wire::FetchReply{"cat", "CRF1", 3, 1}})},
      {"found", sale()},
      {"compared",
       encode(wire::Response{4, wire::CompareReply{{crypto::Hash128{}, std::nullopt}}})},
      {"part", encode(wire::Request{5, wire::Part{crypto::Hash128{}, 1}})},
      {"manifest", encode(manifest())},
      {"part_reply",
       encode(wire::Response{5, wire::PartReply{crypto::Hash128{}, 0, encode(manifest())}})},
      {"ack", encode(ack(3))},
      {"doorbell", encode(wire::Doorbell{HubGeneration(77), {{"site:store", 9, 1}}})},
      {"presence", encode(wire::Presence{true, Incarnation(1), 4, {1'790'000'001'000'000}})}};
  for (const auto& [name, octets] : all) corpus.write("message", name, octets);
}

/// Topics: converse() in bus.cpp.
void write_conversations(Corpus& corpus) {
  wire::FrameHeader header;
  header.node = node(1);
  header.inc = Incarnation(1);
  header.base_seq = 1;
  header.chain_before = crypto::chain_start(node(1), Incarnation(1));
  const Bytes receipt = storage::test::octets(
      domain::StockEvent(storage::test::moved("A1", "", "B-1", 1000)), {}, site("store"), {});
  const Bytes frame = wire::encode_frame(header, {receipt, receipt}).value();
  corpus.write(
      "hub_bus", "day",
      wire::join_stream(
          {'\1' + encode(wire::Request{1, hello()}), '\0' + frame, '\0' + frame,
           '\1' + encode(wire::Request{2, wire::Fetch{"site:store", 0, 65'536, true}}),
           '\1' + encode(wire::Request{4, wire::Compare{Incarnation(1), {0, 1, 2, 900}}}),
           '\2' + encode(wire::Presence{true, Incarnation(1), 4, {1'790'000'001'000'000}}), ""}));
  const Bytes feed =
      wire::encode_feed_frame({"site:store",
                               node(77),
                               HubGeneration(77),
                               1,
                               {wire::AuthorItem{{node(2), Incarnation(1), 1}, receipt}}})
          .value();
  corpus.write("node_bus", "day",
               wire::join_stream(
                   {'\0' + encode(wire::Response{1, resume()}), '\2' + feed, '\1' + encode(ack(1)),
                    '\3' + encode(wire::Doorbell{HubGeneration(77), {{"site:store", 9, 1}}}), "",
                    '\0' + encode(wire::Response{2, wire::FetchReply{"site:store", feed, 3, 1}})}));
}

/// Octets that unpack to two million records without octets: far more memory than their size tells.
/// A skippable part of the zstd stream keeps the ratio of sizes within what is allowed.
void write_bomb(Corpus& corpus) {
  constexpr std::uint32_t kRaw = 2U << 20U;
  constexpr std::uint32_t kPadding = kRaw / wire::kFrameRatioMax;
  Bytes frame("CRN1\x01\x01", 6);
  frame.append(wire::FrameHeader::kSize - frame.size(), '\0');
  frame[34] = 1;  // base_seq
  Bytes size;
  wire::put_u32(size, kRaw);
  frame.replace(76, 4, size);
  frame += wire::compress(Bytes(kRaw, '\0'));
  wire::put_u32(frame, 0x184D2A50);
  wire::put_u32(frame, kPadding);
  frame.append(kPadding, '\0');
  corpus.write("uplink_frame", "bomb_of_empty_records", frame);
}

}  // namespace
}  // namespace cairn::fuzz

int main(int argc, char** argv) {
  using namespace cairn::fuzz;  // NOLINT(google-build-using-namespace): this file is the program
  if (argc != 2) return 2;
  Corpus corpus(argv[1]);
  write_payloads(corpus);
  write_uplinks(corpus);
  write_feeds(corpus);
  write_messages(corpus);
  write_conversations(corpus);
  write_bomb(corpus);
  return 0;
}
