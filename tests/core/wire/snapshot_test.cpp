#include "core/wire/snapshot.h"

#include "core/wire/message.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>

namespace cairn::wire::snapshot_test {
namespace {

using cairn::test::node;

FeedFrame frame() {
  return {"cat",
          node(77),
          HubGeneration(5),
          3,
          {HubItem{9, "one", Incarnation(5), "12345678"}, HubItem{12, "two", Incarnation(4), {}}}};
}

/// Of a snapshot with that frame behind two positions.
struct Sample {
  Bytes octets = encode_part(frame()).value();
  SnapshotManifest manifest;

  Sample() {
    manifest.hub_node = node(77);
    manifest.hub_gen = HubGeneration(6);
    manifest.feeds = {
        {"cat",
         4,
         {{crypto::blake2b_128({"first"}), 5, 2},
          {crypto::blake2b_128({octets}), static_cast<std::uint32_t>(octets.size()), 4}}},
        {"site:store", 0, {}}};
    manifest.authors = {
        {{node(1), Incarnation(8), 7}, crypto::chain_start(node(1), Incarnation(8))}};
  }
  [[nodiscard]] Result<FeedFrame> read(std::uint64_t after = 2) const {
    return decode_part(manifest, manifest.feeds[0], manifest.feeds[0].parts[1], after, octets);
  }
};

TEST_CASE("snapshot: a manifest comes back with every field, and names itself",
          "[wire][snapshot]") {
  const Sample sample;
  const Bytes octets = encode(sample.manifest);
  CHECK(decode_manifest(octets) == sample.manifest);
  CHECK(sample.manifest.parts().size() == 2);
  SnapshotManifest other = sample.manifest;
  other.feeds[0].parts[0].hash[0] ^= 1U;
  CHECK(snapshot_id(encode(other)) != snapshot_id(octets));
}

TEST_CASE("snapshot: a manifest that cannot be is refused", "[wire][snapshot]") {
  const std::function<void(SnapshotManifest&)> wrongs[] = {
      [](SnapshotManifest& m) { m.feeds[0].parts[0].last = 4; },
      [](SnapshotManifest& m) { m.feeds[0].head = 5; },
      [](SnapshotManifest& m) { m.feeds[0].head = UINT64_MAX; },
      [](SnapshotManifest& m) { m.feeds[0].parts[1].size = 0; },
      [](SnapshotManifest& m) { m.feeds[0].parts[1].size = kFrameSizeMax + 1; },
      [](SnapshotManifest& m) { m.feeds[1].feed = "cat"; },
      [](SnapshotManifest& m) { m.feeds.resize(4); },
      [](SnapshotManifest& m) { m.hub_gen = {}; },
      [](SnapshotManifest& m) { m.authors[0].last.seq = UINT64_MAX; },
      [](SnapshotManifest& m) {
        m.feeds[0].parts.clear();
        for (std::uint64_t last = 1; last <= kSnapshotPartsMost + 1; ++last) {
          m.feeds[0].parts.push_back({{}, 1, last});
        }
        m.feeds[0].head = kSnapshotPartsMost + 1;
      }};
  for (const auto& wrong : wrongs) {
    SnapshotManifest manifest = Sample().manifest;
    wrong(manifest);
    const auto read = decode_manifest(encode(manifest));
    REQUIRE_FALSE(read);
    CHECK(read.error().reason == "bad_message");
  }
}

TEST_CASE("snapshot: the same positions are the same octets in every generation",
          "[wire][snapshot]") {
  FeedFrame later = frame();
  later.hub_gen = HubGeneration(99);
  CHECK(encode_part(later) == encode_part(frame()));
  const auto read = Sample().read();
  REQUIRE(read);
  CHECK(read->hub_gen == HubGeneration(6));  // of who tells it now
  CHECK(read->items == frame().items);
}

TEST_CASE("snapshot: a part that is not what the manifest says is refused", "[wire][snapshot]") {
  const auto reason = [](const std::function<void(Sample&)>& change, std::uint64_t after = 2) {
    Sample sample;
    change(sample);
    const auto read = sample.read(after);
    return read ? std::string() : read.error().reason;
  };
  const auto rewrite = [](Sample& sample, const FeedFrame& other) {
    sample.octets = encode_part(other).value();
    SnapshotPart& part = sample.manifest.feeds[0].parts[1];
    part.hash = crypto::blake2b_128({sample.octets});
    part.size = static_cast<std::uint32_t>(sample.octets.size());
  };
  CHECK(reason([](Sample&) {}).empty());
  CHECK(reason([](Sample& s) { s.octets.back() = static_cast<char>(s.octets.back() ^ 1); }) ==
        "bad_part");
  CHECK(reason([](Sample& s) { s.octets.pop_back(); }) == "bad_part");
  CHECK(reason([](Sample&) {}, 1) == "bad_part");
  CHECK(reason([](Sample& s) { s.manifest.feeds[0].feed = "site:store"; }) == "bad_part");
  CHECK(reason([](Sample& s) { s.manifest.hub_node = node(78); }) == "bad_part");
  CHECK(reason([](Sample& s) { s.manifest.feeds[0].parts[1].last = 5; }) == "bad_part");
  FeedFrame run = frame();
  run.items[1] = AuthorRun{{node(1), Incarnation(1), 1}, 1, {}};
  CHECK(reason([&](Sample& s) { rewrite(s, run); }) == "bad_part");
  FeedFrame untold = frame();
  std::get<HubItem>(untold.items[0]).inc = {};
  CHECK(reason([&](Sample& s) { rewrite(s, untold); }) == "bad_part");
  CHECK(reason([](Sample& s) {
          s.octets = "nonsense";
          SnapshotPart& part = s.manifest.feeds[0].parts[1];
          part.hash = crypto::blake2b_128({s.octets});
          part.size = 8;
        }) == "bad_feed_frame");
}

TEST_CASE("snapshot: questions and answers come back with every field", "[wire][snapshot]") {
  const crypto::Hash128 id = crypto::blake2b_128({"id"});
  for (const Request& request :
       {Request{3, Part{{}, 0}}, Request{4, Part{id, 0}}, Request{5, Part{id, UINT32_MAX}}}) {
    CHECK(decode_request(encode(request)) == request);
  }
  CHECK_FALSE(decode_request(encode(Request{3, Part{{}, 1}})));
  for (const Response& response :
       {Response{3, PartReply{{}, 7, {}}}, Response{4, PartReply{id, 0, "manifest"}},
        Response{5, PartReply{id, 8, {}}}}) {
    CHECK(decode_response(encode(response)) == response);
  }
  CHECK_FALSE(decode_response(encode(Response{3, PartReply{{}, 7, "part"}})));
  CHECK_FALSE(decode_response(encode(Response{3, PartReply{id, 7, Bytes(1U << 20U, 'x')}})));
}

}  // namespace
}  // namespace cairn::wire::snapshot_test
