#include "tests/sim/workload.h"

#include "central/orders/order_book.h"
#include "central/routing/routing_run.h"

#include <fmt/format.h>

namespace cairn::sim {
namespace {

constexpr int kArticles = 8;

Sku sku(std::int64_t number) { return *Sku::parse(fmt::format("A{}", number)); }

Gtin gtin(std::int64_t number) {
  const std::string digits = fmt::format("952000000{:03}", number);
  return *Gtin::parse(fmt::format("{}{}", digits, gs1_check_digit(digits)));
}

domain::Product product(std::int64_t number) {
  domain::Product product;
  product.sku = sku(number);
  product.name = fmt::format("Article {}", number);
  product.gtins = {gtin(number)};
  product.unit_weight_mg = 100'000;
  return product;
}

Result<> define(storage::UnitOfWork& work, const domain::ReferenceEvent& event,
                const domain::Key& key, const SiteId& site) {
  const auto written = work.record({event, key, site, UserId{}, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace

template <class T>
void Workload::submit(Endpoint& endpoint, storage::Writer::Job<T> job,
                      storage::Writer::Done<T> done) {
  if (endpoint.running()) endpoint.writer().submit<T>(std::move(job), std::move(done));
}

void Workload::prepare() {
  submit<bool>(
      world_->hub(),
      [this](storage::UnitOfWork& work) -> Result<bool> {
        for (const char* const name : {"store", "depot"}) {
          const SiteId site = *SiteId::parse(name);
          const domain::FacilityDefined facility{
              {site, name, domain::FacilityKind::kStore, {51'000'000, 0}, true}};
          if (auto ok = define(work, facility, domain::facility_key(site), {}); !ok)
            return fail(ok.error());
        }
        for (auto& endpoint : world_->endpoints()) {
          if (endpoint->number == kHub) continue;
          const domain::NodeRegistered node{{endpoint->node, endpoint->site, "agent", true}};
          if (auto ok = define(work, node, domain::node_key(endpoint->node), endpoint->site); !ok) {
            return fail(ok.error());
          }
        }
        for (int i = 0; i < kArticles; ++i) {
          if (auto ok =
                  define(work, domain::ProductDefined{product(i)}, domain::product_key(sku(i)), {});
              !ok) {
            return fail(ok.error());
          }
          for (const char* const site : {"store", "depot"}) {
            const domain::StockCounted counted{sku(i), *LocationCode::parse(fmt::format("B-{}", i)),
                                               Quantity::pieces(40), domain::CountSource::kImport};
            const auto written = work.record(
                {domain::StockEvent(counted), {}, *SiteId::parse(site), UserId{}, {}, {}});
            if (!written) return fail(written.error());
          }
        }
        return true;
      },
      [this](const Result<bool>& done) {
        if (!done) world_->violation("the world cannot be set up: " + done.error().message);
      });
}

void Workload::plan(MonoTime until) { plan_next(until); }

void Workload::plan_next(MonoTime until) {
  SimRandom& random = world_->random();
  const MonoTime when = world_->timeline().now() + Duration(random.between(5'000, 120'000));
  if (when > until) return;
  world_->timeline().at(when, [this, until] {
    SimRandom& chance = world_->random();
    Endpoint& endpoint = *world_->endpoints()[static_cast<std::size_t>(chance.between(0, 3))];
    if (endpoint.running()) {
      if (endpoint.number == kHub) {
        at_hub();
      } else {
        at_agent(endpoint);
      }
    }
    plan_next(until);
  });
}

void Workload::at_hub() {
  if (world_->random().percent(60)) {
    place_order();
  } else {
    route();
  }
}

void Workload::place_order() {
  SimRandom& random = world_->random();
  domain::OrderPlaced order;
  order.channel = "sim";
  order.external_id = fmt::format("{}", ++orders_);
  order.placed_at = world_->hub().clock.utc_now();
  order.destination = {51'000'000, static_cast<std::int32_t>(random.between(-9, 9))};
  const auto lines = static_cast<std::uint32_t>(random.between(1, 4));
  for (std::uint32_t i = 1; i <= lines; ++i) {
    const auto article = random.between(0, kArticles - 1);
    // Some lines repeat an article, some are long enough to be keyed.
    const auto units = random.one_in(8) ? random.between(13, 20) : random.between(1, 4);
    order.lines.push_back({LineNo(i), sku(article), "article", Quantity::pieces(units),
                           Money{100, *Currency::parse("GBP")}, false});
  }
  submit<OrderId>(
      world_->hub(),
      [order](storage::UnitOfWork& work) { return central::place_order(work, order, UserId{}); },
      [](const Result<OrderId>&) {});
}

void Workload::route() {
  const auto partial = world_->random().one_in(2) ? domain::PartialOrders::kWait
                                                  : domain::PartialOrders::kSplitLines;
  submit<central::RoutingOutcome>(
      world_->hub(),
      [this, partial](storage::UnitOfWork& work) {
        return central::run_routing(work, world_->hub().hub->ids(), partial, 0, 50, UserId{});
      },
      [this](const Result<central::RoutingOutcome>& done) {
        if (!done) world_->violation("routing failed: " + done.error().message);
      });
}

void Workload::at_agent(Endpoint& endpoint) {
  SimRandom& random = world_->random();
  const agent::Operator by{UserId{}, random.one_in(2) ? "bench-1" : "bench-2"};
  const bool busy =
      storage::station_task(endpoint.replica().connection(), endpoint.node, by.station).has_value();
  const auto dice = random.between(0, 99);
  if (!busy && dice < 80) {
    claim(endpoint, by);
  } else if (dice < 85) {
    scan(endpoint, by, random.one_in(10));
  } else if (dice < 97) {
    ship(endpoint, by);
  } else {
    submit<bool>(
        endpoint,
        [&endpoint, by](storage::UnitOfWork& work) -> Result<bool> {
          const auto task = storage::station_task(work.connection(), endpoint.node, by.station);
          if (!task) return true;
          if (auto ok = endpoint.agent->pick().release(work, *task, by, false); !ok) {
            return fail(ok.error());
          }
          return true;
        },
        [](const Result<bool>&) {});
  }
}

void Workload::claim(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  submit<bool>(
      endpoint,
      [&endpoint, by, choice](storage::UnitOfWork& work) -> Result<bool> {
        storage::ShipGroupFilter filter;
        filter.site = endpoint.site;
        filter.statuses = {"ALLOCATED"};
        const auto groups = storage::ship_groups(work.connection(), filter);
        if (groups.empty()) return true;
        // Two devices of a store often reach for the same task.
        const auto& group = groups[choice % std::min<std::size_t>(groups.size(), 2)];
        if (auto ok = endpoint.agent->pick().claim(work, group.id, by); !ok)
          return fail(ok.error());
        return true;
      },
      [](const Result<bool>&) {});
}

void Workload::scan(Endpoint& endpoint, const agent::Operator& by, bool wrong) {
  const std::uint64_t choice = world_->random().next();
  submit<agent::PickVerdict>(
      endpoint,
      [&endpoint, by, wrong, choice](storage::UnitOfWork& work) -> Result<agent::PickVerdict> {
        agent::Pick& pick = endpoint.agent->pick();
        Barcode barcode{"", "0000000000000"};
        const auto task = storage::station_task(work.connection(), endpoint.node, by.station);
        if (task && !wrong) {
          const auto& lines = work.replica().ship_group(*task).lines;
          barcode.data = lines[choice % lines.size()].line.gtins.front().text();
        }
        auto verdict = pick.scan(work, by, barcode);
        if (verdict && verdict->kind == agent::PickVerdict::Kind::kPending) {
          return pick.key_quantity(work, by, verdict->line_open_milli);
        }
        return verdict;
      },
      [this](const Result<agent::PickVerdict>& verdict) {
        if (verdict) {
          ++verdicts_ok_;
          acknowledged_.insert(verdict->event);
        } else {
          ++verdicts_nok_;
        }
      });
}

void Workload::ship(Endpoint& endpoint, const agent::Operator& by) {
  submit<EventRef>(
      endpoint,
      [&endpoint, by](storage::UnitOfWork& work) -> Result<EventRef> {
        storage::ShipGroupFilter filter;
        filter.site = endpoint.site;
        filter.statuses = {"PICKED"};
        const auto groups = storage::ship_groups(work.connection(), filter);
        if (groups.empty()) return fail(ErrorCode::kNotFound, "nothing", "nothing is picked");
        return endpoint.agent->pick().ship(work, groups.front().id, by);
      },
      [this](const Result<EventRef>& saved) {
        if (!saved) return;
        ++shipped_;
        acknowledged_.insert(*saved);
      });
}

}  // namespace cairn::sim
