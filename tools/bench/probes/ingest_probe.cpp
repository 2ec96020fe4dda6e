#include "tools/bench/probes/ingest_probe.h"

#include "core/storage/interpret.h"
#include "core/storage/unit_of_work.h"
#include "core/wire/frame.h"
#include "sync/store/hub_sync.h"
#include "tools/bench/probes/hub_bus.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/raw/raw_rows.h"

#include <fmt/format.h>

#include <filesystem>
#include <semaphore>

namespace cairn::bench {
namespace {

constexpr std::uint64_t kNodes = 8;

SiteId site_of(std::uint64_t node) { return must(SiteId::parse(fmt::format("store-{}", node))); }

/// The nodes, and what each has written so far.
class Writers {
 public:
  Writers() {
    for (std::uint64_t i = 1; i <= kNodes; ++i) {
      logs_.push_back({NodeId(numbered_uuid(9, i)), Incarnation(1), {}, {}, 0});
      days_.emplace_back(site_of(i), i);
      chains_.push_back(crypto::chain_start(logs_.back().node, Incarnation(1)));
    }
    heads_.resize(kNodes);
  }
  /// The next part of every log, in place of the one before.
  void write(std::uint64_t events) {
    for (std::size_t i = 0; i < kNodes; ++i) {
      std::vector<Bytes> records;
      for (std::uint64_t k = 0; k < events / kNodes; ++k) records.push_back(days_[i].record());
      logs_[i].frames.clear();
      logs_[i].last.clear();
      add_frames(logs_[i], chains_[i], heads_[i], records);
    }
  }
  [[nodiscard]] const std::vector<FramedLog>& logs() const { return logs_; }

 private:
  std::vector<FramedLog> logs_;
  std::vector<StoreDay> days_;
  std::vector<crypto::Hash128> chains_;
  std::vector<std::uint64_t> heads_;
};

/// The rows of the same frames, ready to be written.
struct RawBatch {
  struct One {
    raw::LogRow log;
    std::vector<raw::CellRow> cells;
  };
  std::vector<One> rows;
};

void add_cells(RawBatch::One& one, const SiteId& site, const domain::StockEvent& event) {
  if (const auto* const counted = std::get_if<domain::StockCounted>(&event)) {
    one.cells.push_back({site.text(), counted->sku.text(), counted->location.text(),
                         counted->quantity.milli, 0, true});
    return;
  }
  const auto& moved = std::get<domain::StockMoved>(event);
  const auto add = [&](const LocationCode& place, std::int64_t milli) {
    if (place.empty()) return;
    one.cells.push_back({site.text(), moved.sku.text(), place.text(), milli,
                         static_cast<std::int64_t>(moved.reason), false});
  };
  add(moved.from, -moved.quantity.milli);
  add(moved.to, moved.quantity.milli);
}

RawBatch raw_rows(const std::vector<FramedLog>& logs, std::vector<std::int64_t>& fseqs) {
  RawBatch batch;
  // In the order in which the hub gets them: a window of each node in turn.
  for (std::size_t frame = 0; frame < logs.front().frames.size(); ++frame) {
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (frame >= logs[i].frames.size()) continue;
      const wire::Frame read = must(wire::decode_frame(logs[i].frames[frame]));
      std::uint64_t seq = read.header.base_seq;
      for (const Bytes& record : read.records) {
        const auto found = storage::interpret({{}, false, site_of(i + 1)}, record);
        RawBatch::One one;
        const auto number = static_cast<std::int64_t>(i) + 1;
        one.log = {number,
                   static_cast<std::int64_t>(seq++),
                   static_cast<std::int64_t>(found.record.hlc.value),
                   found.record.type,
                   {},
                   number,
                   ++fseqs[i],
                   record,
                   crypto::to_bytes(read.header.chain_after)};
        add_cells(one, site_of(i + 1), std::get<domain::StockEvent>(*found.event));
        batch.rows.push_back(std::move(one));
      }
    }
  }
  return batch;
}

class RawHub {
 public:
  explicit RawHub(const std::string& file) : database_(file), rows_(database_) {
    const std::string id(16, 'n');
    for (std::uint64_t i = 1; i <= kNodes; ++i) {
      database_.execute(fmt::format("INSERT INTO author (id, node, inc, head, chain) VALUES"
                                    " ({}, randomblob(16), {}, 0, randomblob(16));"
                                    "INSERT INTO feed (id, name, hub_gen, head) VALUES"
                                    " ({}, 'site:store-{}', 1, 0)",
                                    i, i, i, i)
                            .c_str());
    }
  }

  void write(const RawBatch& batch, std::size_t in_transaction) {
    const Bytes node(16, 'n');
    for (std::size_t at = 0; at < batch.rows.size(); at += in_transaction) {
      database_.execute("BEGIN IMMEDIATE");
      const std::size_t end = std::min(batch.rows.size(), at + in_transaction);
      for (std::size_t i = at; i < end; ++i) {
        const RawBatch::One& one = batch.rows[i];
        rows_.log(one.log);
        for (const raw::CellRow& cell : one.cells) rows_.cell(one.log, cell, node);
      }
      const raw::LogRow& last = batch.rows[end - 1].log;
      rows_.author(last.author, last.seq, last.chain);
      rows_.feed(last.feed, last.fseq);
      database_.execute("COMMIT");
    }
  }

 private:
  raw::Database database_;
  raw::Rows rows_;
};

void register_nodes(program::Database& database) {
  write(database, [](storage::Replica& replica) {
    for (std::uint64_t i = 1; i <= kNodes; ++i) {
      const NodeId node(numbered_uuid(9, i));
      must(replica.append(
          {domain::ReferenceEvent(domain::NodeRegistered{{node, site_of(i), "agent", true}}),
           domain::node_key(node),
           site_of(i),
           {},
           {},
           {}}));
    }
  });
}

}  // namespace

void ingest_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t events) {
  Machine machine;
  const storage::Identity identity = hub_identity(NodeId(numbered_uuid(9, 0)));
  open_database(machine, folder + "/raw.sqlite", identity).reset();
  const auto database = open_database(machine, folder + "/product.sqlite", identity);
  register_nodes(*database);
  HubBus bus(machine.loop());
  sync::HubSync hub(machine.env(), database->writer(), database->replica(), bus, {});
  must(hub.start());
  RawHub raw(folder + "/raw.sqlite");
  Writers writers;
  std::vector<std::int64_t> fseqs(kNodes);
  std::uint64_t commits = 0;
  database->writer().on_commit([&commits](const storage::Changes& changes) {
    if (!changes.feeds.empty()) ++commits;
  });
  machine.run();
  machine.on_loop([&] {
    bus.connect();
    for (const FramedLog& log : writers.logs()) bus.say_hello(log);
  });
  machine.on_loop([] {});
  for (std::uint64_t round = 0; round <= rounds; ++round) {
    writers.write(events);
    const std::uint64_t commits_before = commits;
    std::binary_semaphore done(0);
    const double us = us_of(machine.clock(), [&] {
      machine.on_loop([&] { bus.send(writers.logs(), [&done] { done.release(); }); });
      done.acquire();
    });
    const std::uint64_t in_transaction =
        events / std::max<std::uint64_t>(1, commits - commits_before);
    const RawBatch rows = raw_rows(writers.logs(), fseqs);
    const double raw_us = us_of(
        machine.clock(), [&] { raw.write(rows, std::max<std::uint64_t>(1, in_transaction)); });
    if (round == 0) continue;  // warm-up
    const auto count = static_cast<double>(rows.rows.size());
    auto value = json::Value::object();
    value.set("rate", count / us * 1e6)
        .set("raw_rate", count / raw_us * 1e6)
        .set("in_transaction", in_transaction);
    report(value);
  }
  machine.stop();
}

}  // namespace cairn::bench
