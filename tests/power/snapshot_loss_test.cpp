// I22: a snapshot is installed as a whole or not at all, wherever the power fails, and what the
// device has written is there in either case.

#include "core/storage/snapshot_parts.h"
#include "core/wire/feed_name.h"
#include "core/wire/snapshot.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::power::snapshot_loss_test {
namespace {

using storage::UnitOfWork;
using storage::test::group_id;
using storage::test::pieces;
using storage::test::site;
using storage::test::TempFolder;
using storage::test::user;

/// A hub with articles and groups of the site, and what it has as a snapshot in small parts.
struct Office : storage::test::GroupHub {
  static constexpr int kArticles = 30;

  Office() {
    for (int i = 1; i <= kArticles; ++i) {
      const std::string name = "A" + std::to_string(i);
      append(domain::ReferenceEvent(
                 domain::ProductDefined{storage::test::product(name, static_cast<unsigned>(i))}),
             domain::product_key(storage::test::sku(name)), {});
    }
    for (std::uint64_t group = 1; group <= 4; ++group) allocate(group, "store", {{1, "A1", 9}});
    pick(2, 3, 1, 2);  // by another device
    manifest.hub_node = replica().identity().node;
    for (const std::string& name : {wire::kCatalogueFeed, wire::site_feed(site("store"))}) {
      cut(frame_of(name));
    }
    const storage::Author& other = replica().log().author(storage::test::node(2), Incarnation(1));
    manifest.authors = {{{other.node, other.inc, other.head}, other.chain}};
  }

  wire::SnapshotManifest manifest;
  std::vector<std::pair<crypto::Hash128, Bytes>> parts;

  /// So much of the feed as a device could have applied before.
  wire::FeedFrame beginning(const std::string& feed, std::size_t items) {
    wire::FeedFrame frame = frame_of(feed);
    frame.items.resize(items);
    return frame;
  }

 private:
  void cut(const wire::FeedFrame& whole) {
    constexpr std::size_t kInPart = 7;
    manifest.hub_gen = whole.hub_gen;
    wire::SnapshotFeed feed{whole.feed, whole.last_fseq(), {}};
    for (std::size_t first = 0; first < whole.items.size(); first += kInPart) {
      wire::FeedFrame part = whole;
      part.base_fseq = whole.base_fseq + first;
      const std::size_t last = std::min(first + kInPart, whole.items.size());
      part.items.assign(whole.items.begin() + static_cast<std::ptrdiff_t>(first),
                        whole.items.begin() + static_cast<std::ptrdiff_t>(last));
      for (wire::FeedItem& item : part.items) {
        if (auto* const own = std::get_if<wire::HubItem>(&item)) {
          if (own->inc == Incarnation{}) own->inc = Incarnation(whole.hub_gen.value());
        }
      }
      const Bytes octets = wire::encode_part(part).value();
      const auto hash = crypto::blake2b_128({octets});
      feed.parts.push_back({hash, static_cast<std::uint32_t>(octets.size()), part.last_fseq()});
      parts.emplace_back(hash, octets);
    }
    manifest.feeds.push_back(std::move(feed));
  }
};

Device::Job take_feed(const wire::FeedFrame& frame) {
  return [frame](UnitOfWork& work) -> Result<bool> {
    const auto applied = work.replica().take_feed(frame);
    if (!applied) return fail(applied.error());
    return true;
  };
}

Device::Job claim(std::uint64_t group) {
  return [group](UnitOfWork& work) -> Result<bool> {
    const auto done = work.perform(group_id(group), domain::ClaimTask{"bench-1"}, user(4));
    if (!done) return fail(done.error());
    return true;
  };
}

Device::Job save(const std::pair<crypto::Hash128, Bytes>& part) {
  return [part](UnitOfWork& work) -> Result<bool> {
    storage::save_part(work.connection(), part.first, part.second);
    return true;
  };
}

Device::Job install(const wire::SnapshotManifest& manifest) {
  return [manifest](UnitOfWork& work) -> Result<bool> {
    if (auto ok = work.replica().install(manifest); !ok) {
      return fail(ok.error());
    }
    return true;
  };
}

/// A device that knows a little and has worked, alone, takes a snapshot and works on.
History life(const std::string& path) {
  Office office;
  WatchedDisk disk(path, true);
  History history;
  history.first = disk.first();
  auto started = Device::start(path);
  REQUIRE(started);
  Device& device = **started;
  history.note(disk, device);
  const auto commit = [&](const std::vector<Device::Job>& jobs) {
    REQUIRE(device.commit(jobs) == static_cast<int>(jobs.size()));
    history.note(disk, device);
  };
  commit({Device::receive(), Device::receive()});
  commit({take_feed(office.beginning(wire::kCatalogueFeed, 3)),
          take_feed(office.beginning(wire::site_feed(site("store")), 1))});
  commit({claim(1), Device::receive()});
  for (std::size_t i = 0; i < office.parts.size(); i += 2) {
    std::vector<Device::Job> jobs = {save(office.parts[i])};
    if (i + 1 < office.parts.size()) jobs.push_back(save(office.parts[i + 1]));
    commit(jobs);
  }
  commit({Device::receive()});
  commit({install(office.manifest)});
  const auto& own = device.replica().identity();
  CHECK(device.replica().log().author(own.node, own.inc).head == 5);
  CHECK(storage::product_count(device.connection()) == Office::kArticles);
  CHECK(device.replica().ship_group(group_id(1)).claim.has_value());
  CHECK(device.replica().ship_group(group_id(2)).find(LineNo(1))->in.picked_milli == 3'000);
  CHECK(storage::held_parts(device.connection()).empty());
  commit({claim(3)});
  device.connection().checkpoint();
  commit({Device::receive()});
  started->reset();
  history.trace = disk.trace();
  return history;
}

TEST_CASE("power loss: at every write of a snapshot's parts and of its installation (I22)",
          "[power][snapshot]") {
  const TempFolder folder;
  const History history = life(folder.file("db"));
  DiskModel model(history.first);
  sim::SimRandom random(22);
  std::set<std::size_t> seen;
  for (std::uint64_t n = 0; n <= history.trace.size(); ++n) {
    for (const Loss& loss :
         {Loss{Loss::Kind::kEverything}, Loss{Loss::Kind::kNothing}, some_loss(random)}) {
      const Image image = model.after_power_loss(loss, random);
      const std::size_t answered = history.answered_before(n);
      std::size_t hash = answered;
      for (const auto& [name, octets] : image) {
        hash = hash * 31 + std::hash<std::string>()(name + octets);
      }
      if (!seen.insert(hash).second) continue;
      CAPTURE(n);
      REQUIRE(problem_of(image, history, answered, folder.file("left")) == "");
    }
    if (n < history.trace.size()) model.apply(history.trace[n]);
  }
  CHECK(seen.size() > history.trace.size());
}

}  // namespace
}  // namespace cairn::power::snapshot_loss_test
