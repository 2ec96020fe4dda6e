#include "tools/bench/probes/order_probe.h"

#include "central/capture/capture_order.h"
#include "central/promise/site_ages.h"
#include "central/routing/routing_run.h"
#include "core/runtime/http_client.h"
#include "core/storage/projections/orders.h"
#include "core/storage/stock_book.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/probes/store_day.h"

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::bench {
namespace {

constexpr std::uint64_t kSites = 50;
constexpr std::uint64_t kArticles = 1'000;
constexpr std::uint64_t kStockedOf10 = 3;  // sites that have an article, of ten
constexpr std::uint64_t kAlone = 500;      // orders of one caller in a round
constexpr std::uint64_t kTogether = 6'400;
constexpr std::uint64_t kCallers = 64;
constexpr std::uint64_t kConnections = 16;
constexpr std::int64_t kPlenty = 1'000'000'000;  // of what is stocked, in thousandths

UserId seller() { return UserId(numbered_uuid(1, 2)); }
SiteId order_site(std::uint64_t number) {
  return must(SiteId::parse(fmt::format("site-{:02}", number)));
}

/// Somewhere in Great Britain.
GeoPoint place(std::uint64_t seed) {
  Sequence chance(seed);
  return {static_cast<std::int32_t>(50'500'000 + chance.below(5'000'000)),
          static_cast<std::int32_t>(chance.below(4'500'000)) - 4'000'000};
}

bool stocks(std::uint64_t site, std::uint64_t article) {
  return Sequence(site * kArticles + article).below(10) < kStockedOf10;
}

domain::OrderPlaced order_of(std::uint64_t number, const std::string& channel) {
  Sequence chance(number);
  domain::OrderPlaced order;
  order.channel = channel;
  order.external_id = fmt::format("{}", number);
  order.placed_at = UtcTime{1'780'000'000'000'000 + static_cast<std::int64_t>(number)};
  order.customer = fmt::format("c-{}", chance.below(100'000));
  order.destination = place(chance.next());
  const std::uint64_t lines = 1 + chance.below(4);
  std::uint64_t article = chance.below(kArticles);
  for (std::uint32_t line = 1; line <= lines; ++line) {
    domain::OrderLine wanted;
    wanted.line = LineNo(line);
    wanted.sku = numbered_sku(article);
    wanted.ordered = Quantity::pieces(1 + static_cast<std::int64_t>(chance.below(3)));
    wanted.unit_price = {1999, must(Currency::parse("GBP"))};
    order.lines.push_back(wanted);
    article = (article + 1 + chance.below(kArticles / 8)) % kArticles;
  }
  return order;
}

void set_up(program::Database& database) {
  write(database, [](storage::Replica& replica) {
    storage::UnitOfWork work(replica);
    for (std::uint64_t article = 0; article < kArticles; ++article) {
      domain::Product product;
      product.sku = numbered_sku(article);
      product.name = fmt::format("Article {}", article);
      must(work.record({domain::ReferenceEvent(domain::ProductDefined{product}),
                        domain::product_key(product.sku),
                        SiteId{},
                        seller(),
                        {},
                        {}}));
    }
    for (std::uint64_t site = 0; site < kSites; ++site) {
      const domain::Facility facility{order_site(site), fmt::format("Site {}", site),
                                      domain::FacilityKind::kStore, place(1'000 + site), true};
      must(work.record({domain::ReferenceEvent(domain::FacilityDefined{facility}),
                        domain::facility_key(facility.site),
                        SiteId{},
                        seller(),
                        {},
                        {}}));
      for (std::uint64_t article = 0; article < kArticles; ++article) {
        if (!stocks(site, article)) continue;
        const domain::StockCounted counted{numbered_sku(article),
                                           bin_of(article),
                                           {kPlenty, Uom::kPiece},
                                           domain::CountSource::kImport};
        must(work.record(
            {domain::StockEvent(counted), domain::Key{}, facility.site, seller(), {}, {}}));
      }
    }
  });
}

/// Orders for the gate of a hub without its rim. Loop only.
class Desk {
 public:
  Desk(Machine& machine, program::Database& database)
      : machine_(&machine), database_(&database), ids_(machine.clock(), machine.env().random) {
    stock_.load(database.replica().connection());
    database.replica().read_stock_from(stock_);
    database.writer().on_commit([this](const storage::Changes& changes) {
      stock_.follow(database_->replica().connection(), changes);
    });
  }

  /// `done` runs when the order is in the database for good, and given to its sites if it is to be.
  void take(std::uint64_t number, bool routed, std::function<void()> done) {
    database_->writer().submit<OrderId>(
        [this, number, routed](storage::UnitOfWork& work) -> Result<OrderId> {
          const auto captured = central::capture_order(
              work, ages_, {}, {order_of(number, "bench"), {}, {}, false}, seller());
          if (!captured) return fail(captured.error());
          if (!routed) return captured->order;
          work.replica().save_views();
          const auto row = storage::find_order(work.connection(), captured->order);
          const auto decision =
              central::route_order(work, ids_, *row, domain::PartialOrders::kWait, seller());
          if (!decision) return fail(decision.error());
          if (!decision->waiting.empty()) std::exit(1);  // there is plenty of everything
          return captured->order;
        },
        [done = std::move(done)](const Result<OrderId>& taken) {
          must(taken);
          done();
        });
  }

  /// Blocks its thread until the order is taken.
  void wait(std::uint64_t number, bool routed) {
    std::binary_semaphore done(0);
    must(machine_->loop().post([&] { take(number, routed, [&done] { done.release(); }); }));
    done.acquire();
  }

 private:
  Machine* machine_;
  program::Database* database_;
  IdSource ids_;
  central::SiteAges ages_;
  storage::StockBook stock_;
};

struct Measured {
  double seconds = 0;
  std::vector<double> ms;

  [[nodiscard]] double rate() const { return static_cast<double>(ms.size()) / seconds; }
};

/// So many callers on threads of their own, each waiting for each of its orders.
Measured with_callers(const Clock& clock, std::uint64_t callers, std::uint64_t orders,
                      const std::function<void(std::uint64_t caller)>& one) {
  std::vector<std::vector<double>> each(callers);
  std::vector<std::thread> threads;
  Measured measured;
  measured.seconds =
      us_of(clock,
            [&] {
              for (std::uint64_t caller = 0; caller < callers; ++caller) {
                threads.emplace_back([&, caller] {
                  for (std::uint64_t i = 0; i < orders / callers; ++i) {
                    each[caller].push_back(us_of(clock, [&] { one(caller); }) / 1000);
                  }
                });
              }
              for (std::thread& thread : threads) thread.join();
            }) /
      1e6;
  for (const auto& some : each) measured.ms.insert(measured.ms.end(), some.begin(), some.end());
  return measured;
}

std::string body_of(std::uint64_t number) {
  const domain::OrderPlaced order = order_of(number, "http");
  auto lines = json::Value::array();
  for (const domain::OrderLine& line : order.lines) {
    lines.add(json::Value::object()
                  .set("sku", line.sku.text())
                  .set("quantity_milli", line.ordered.milli)
                  .set("unit_price", json::Value::object()
                                         .set("minor", line.unit_price.minor)
                                         .set("currency", std::string("GBP"))));
  }
  auto object = json::Value::object();
  object.set("channel", order.channel)
      .set("external_id", order.external_id)
      .set("placed_at", order.placed_at.text())
      .set("customer", order.customer)
      .set("currency", std::string("GBP"))
      .set("lines", std::move(lines));
  return object.dump();
}

}  // namespace

void order_probe(const std::string& folder, std::uint64_t rounds) {
  Machine machine;
  const auto database =
      open_database(machine, folder + "/orders.sqlite", hub_identity(NodeId(numbered_uuid(9, 9))));
  set_up(*database);
  Desk desk(machine, *database);
  machine.run();
  std::atomic<std::uint64_t> next = 0;
  const auto measure = [&](std::uint64_t callers, std::uint64_t orders, bool routed) {
    return with_callers(machine.clock(), callers, orders,
                        [&](std::uint64_t) { desk.wait(next.fetch_add(1), routed); });
  };
  for (std::uint64_t round = 0; round <= rounds; ++round) {
    const Measured alone = measure(1, kAlone, true);
    const Measured together = measure(kCallers, kTogether, true);
    const Measured captured = measure(kConnections, kTogether, false);
    if (round == 0) continue;  // warm-up
    auto value = json::Value::object();
    value.set("routed_p50_ms", percentile(alone.ms, 50))
        .set("routed_rate", together.rate())
        .set("routed_p99_ms", percentile(together.ms, 99))
        .set("captured_rate", captured.rate());
    report(value);
  }
  machine.stop();
}

void order_load(const std::string& url, const std::string& token, std::uint64_t rounds,
                std::uint64_t connections) {
  const runtime::SystemClock clock;
  std::vector<runtime::HttpClient> clients;
  for (std::uint64_t i = 0; i < connections; ++i) {
    clients.push_back(must(runtime::HttpClient::create(url)));
  }
  std::atomic<std::uint64_t> next = 0;
  const runtime::HeaderFields headers{{"Authorization", "Bearer " + token},
                                      {"Content-Type", "application/json"}};
  for (std::uint64_t round = 0; round <= rounds; ++round) {
    const Measured measured =
        with_callers(clock, connections, kTogether / 2, [&](std::uint64_t caller) {
          const auto answer = must(
              clients[caller].send("POST", "/api/v1/orders", headers, body_of(next.fetch_add(1))));
          if (answer.status != 201) {
            std::fputs((answer.body + "\n").c_str(), stderr);
            std::exit(1);
          }
        });
    if (round == 0) continue;  // warm-up
    auto value = json::Value::object();
    value.set("captured_rate", measured.rate()).set("p50_ms", percentile(measured.ms, 50));
    report(value);
  }
}

void order_trade(const std::string& folder) {
  std::ofstream products(folder + "/products.csv");
  std::ofstream stock(folder + "/stock.csv");
  products << "sku,name\n";
  stock << "site,location,sku,quantity\n";
  for (std::uint64_t article = 0; article < kArticles; ++article) {
    const std::string sku = numbered_sku(article).text();
    products << sku << ",Article " << article << "\n";
    for (std::uint64_t site = 0; site < kSites; ++site) {
      if (!stocks(site, article)) continue;
      stock << order_site(site).text() << "," << bin_of(article).text() << "," << sku << ","
            << kPlenty / kMilliPerUnit << "\n";
    }
  }
}

}  // namespace cairn::bench
