#include "tests/sim/workload.h"

#include "central/devices/node_control.h"
#include "central/orders/order_book.h"
#include "central/pickup/pickup_codes.h"
#include "central/returns/take_back.h"
#include "central/routing/routing_run.h"
#include "core/storage/full_sites.h"
#include "core/storage/projections/orders.h"
#include "core/wire/record.h"
#include "tests/sim/disasters.h"

#include <fmt/format.h>

namespace cairn::sim {
namespace {

constexpr std::int64_t kOpeningPieces = 40;

domain::Product product(std::int64_t article) {
  domain::Product product;
  product.sku = sku_of(article);
  product.name = fmt::format("Article {}", article);
  product.gtins = {gtin_of_article(article)};
  product.unit_weight_mg = kUnitWeightMg;
  return product;
}

Result<> define(storage::UnitOfWork& work, const domain::ReferenceEvent& event,
                const domain::Key& key, const SiteId& site) {
  const auto written = work.record({event, key, site, UserId{}, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

/// The article at both sites, with stock in one bin.
Result<> stock(storage::UnitOfWork& work, std::int64_t article) {
  const Sku sku = sku_of(article);
  if (auto ok =
          define(work, domain::ProductDefined{product(article)}, domain::product_key(sku), {});
      !ok) {
    return ok;
  }
  for (const char* const site : {"store", "depot"}) {
    const domain::StockCounted counted{sku, *LocationCode::parse(fmt::format("B-{}", article)),
                                       Quantity::pieces(kOpeningPieces),
                                       domain::CountSource::kImport};
    const auto written =
        work.record({domain::StockEvent(counted), {}, *SiteId::parse(site), UserId{}, {}, {}});
    if (!written) return fail(written.error());
  }
  return {};
}

Result<bool> as_done(const Result<>& done) {
  if (!done) return fail(done.error());
  return true;
}

}  // namespace

Sku sku_of(std::int64_t article) { return *Sku::parse(fmt::format("A{}", article)); }

Gtin gtin_of_article(std::int64_t article) {
  const std::string digits = fmt::format("952000000{:03}", article);
  return *Gtin::parse(fmt::format("{}{}", digits, gs1_check_digit(digits)));
}

Result<bool> set_up(World& world, storage::UnitOfWork& work) {
  for (const char* const name : {"store", "depot"}) {
    const SiteId site = *SiteId::parse(name);
    const domain::FacilityDefined facility{
        {site, name, domain::FacilityKind::kStore, {51'000'000, 0}, true}};
    if (auto ok = define(work, facility, domain::facility_key(site), {}); !ok)
      return fail(ok.error());
  }
  for (auto& endpoint : world.endpoints()) {
    if (endpoint->number == kHub) continue;
    const domain::NodeRegistered node{{endpoint->node, endpoint->site, "agent", true}};
    if (auto ok = define(work, node, domain::node_key(endpoint->node), endpoint->site); !ok) {
      return fail(ok.error());
    }
  }
  for (int i = 0; i < kArticles; ++i) {
    if (auto ok = stock(work, i); !ok) return fail(ok.error());
  }
  return true;
}

void Workload::prepare() {
  world_->hub().writer().submit<bool>(
      [this](storage::UnitOfWork& work) { return set_up(*world_, work); },
      [this](const Result<bool>& done) {
        if (!done) world_->violation("the world cannot be set up: " + done.error().message);
      });
}

void Workload::act(Endpoint& endpoint, const std::string& what, Job job,
                   std::function<void()> after) {
  if (!endpoint.running()) return;
  const auto written = std::make_shared<std::vector<std::string>>();
  endpoint.writer().submit<bool>(
      [job = std::move(job), written](storage::UnitOfWork& work) {
        written->clear();  // it may run twice
        const storage::Identity identity = work.replica().identity();
        const auto head = [&work, &identity] {
          return work.replica().log().author(identity.node, identity.inc).head;
        };
        EventRef ref{identity.node, identity.inc, head()};
        auto done = job(work);
        while (ref.seq < head()) {
          ++ref.seq;
          const auto record = wire::decode_record(work.replica().log().read(ref)->record);
          written->push_back(saying_of(record->hlc, record->type, record->key));
        }
        return done;
      },
      [this, what, written, after = std::move(after)](const Result<bool>& done) {
        if (!done) {
          ++done_["refused: " + done.error().reason];
          return;
        }
        ++done_[what];
        for (const std::string& saying : *written) ++acknowledged_[saying];
        after();
      });
}

void Workload::plan(MonoTime until) {
  plan_next(until);
  plan_commands(until);
}

void Workload::plan_commands(MonoTime until) {
  const MonoTime when =
      world_->timeline().now() + Duration(world_->random().between(100'000, 1'500'000));
  if (when > until) return;
  world_->timeline().at(when, [this, until] {
    give_command();
    plan_commands(until);
  });
}

void Workload::give_command() {
  SimRandom& random = world_->random();
  central::CommandOrder order;
  order.node = world_->endpoints()[static_cast<std::size_t>(random.between(1, 3))]->node;
  using domain::CommandVerb;
  order.verb = random.one_in(8)   ? CommandVerb::kRestart
               : random.one_in(8) ? CommandVerb::kRebuild
               : random.one_in(2) ? CommandVerb::kResync
                                  : CommandVerb::kSendLog;
  order.ttl_s = random.between(1, 15);
  if (random.one_in(3)) {
    order.not_before = UtcTime{world_->hub().clock.utc_now().us + random.between(0, 5'000'000)};
  }
  if (random.one_in(8)) order.if_config = 1;  // nobody has that
  order.requires_online = random.one_in(4);
  act(world_->hub(), "command", [this, order](storage::UnitOfWork& work) -> Result<bool> {
    const auto given = central::give_command(work, world_->hub().hub->ids(), order, UserId{});
    if (!given) return fail(given.error());
    return true;
  });
}

void Workload::excuse_all_but(const std::map<std::string, int>& held) {
  for (auto& [saying, times] : acknowledged_) {
    const auto found = held.find(saying);
    times = std::min(times, found == held.end() ? 0 : found->second);
  }
}

void Workload::send_again() {
  for (const domain::OrderPlaced& order : sent_) {
    act(world_->hub(), "order sent again", [order](storage::UnitOfWork& work) -> Result<bool> {
      const auto placed = central::place_order(work, order, UserId{});
      if (!placed) return fail(placed.error());
      return true;
    });
  }
}

void Workload::plan_next(MonoTime until) {
  SimRandom& random = world_->random();
  const MonoTime when = world_->timeline().now() + Duration(random.between(2'000, 60'000));
  if (when > until) return;
  world_->timeline().at(when, [this, until] {
    SimRandom& chance = world_->random();
    // The hub is asked less often than each device is used.
    const auto at = static_cast<std::size_t>(chance.between(0, 12));
    const std::size_t devices = world_->endpoints().size() - 1;
    Endpoint& endpoint = *world_->endpoints()[at == 0 ? 0 : 1 + at % devices];
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
  const auto dice = world_->random().between(0, 99);
  if (dice < 25) return place_order();
  if (dice < 45) return route();
  if (dice < 58) return cancel();
  if (dice < 66) return convert();
  if (dice < 93) return mint_code();
  take_back();
}

void Workload::place_order() {
  SimRandom& random = world_->random();
  domain::OrderPlaced order;
  order.channel = "sim";
  order.external_id = fmt::format("{}", ++orders_);
  order.placed_at = world_->hub().clock.utc_now();
  order.destination = {51'000'000, static_cast<std::int32_t>(random.between(-9, 9))};
  if (random.percent(40)) {
    order.method = domain::FulfilmentMethod::kPickup;
    order.pickup_site = *SiteId::parse(random.percent(70) ? "store" : "depot");
  }
  const auto lines = static_cast<std::uint32_t>(random.between(1, 3));
  for (std::uint32_t i = 1; i <= lines; ++i) {
    const auto article = random.between(0, kArticles - 1);
    // Some lines repeat an article, some are long enough to be keyed.
    const auto units = random.one_in(12) ? random.between(13, 16) : random.between(1, 3);
    order.lines.push_back({LineNo(i), sku_of(article), "article", Quantity::pieces(units),
                           Money{kUnitPriceMinor, *Currency::parse("GBP")}, false});
  }
  sent_.push_back(order);
  act(world_->hub(), "order", [this, order](storage::UnitOfWork& work) -> Result<bool> {
    const auto placed = central::place_order(work, order, UserId{});
    if (!placed) return fail(placed.error());
    placed_.push_back(*placed);
    return true;
  });
}

void Workload::route() {
  const auto partial = world_->random().one_in(2) ? domain::PartialOrders::kWait
                                                  : domain::PartialOrders::kSplitLines;
  act(world_->hub(), "routing run", [this, partial](storage::UnitOfWork& work) -> Result<bool> {
    // A life is short: a site that said it is too busy takes orders again with the next run.
    storage::forget_full(work.connection(), work.now());
    const auto run = central::run_routing(work, world_->hub().hub->ids(), partial, 0, 50, UserId{});
    if (run) return true;
    world_->violation("routing failed: " + run.error().message);
    return fail(run.error());
  });
}

void Workload::cancel() {
  if (placed_.empty()) return;
  SimRandom& random = world_->random();
  central::UnitCancellation cancellation;
  // Mostly of late orders: those that are being worked on.
  const auto last = static_cast<std::int64_t>(placed_.size()) - 1;
  const auto order = random.between(std::max<std::int64_t>(0, last - 6), last);
  cancellation.order = placed_[static_cast<std::size_t>(order)];
  cancellation.line = LineNo(static_cast<std::uint32_t>(random.between(1, 3)));
  cancellation.milli = random.between(1, 2) * kMilliPerUnit;
  cancellation.source = fmt::format("c{}", ++cancellations_);
  cancellation.biz_key = "cancel " + cancellation.source;
  act(world_->hub(), "cancellation", [cancellation](storage::UnitOfWork& work) {
    return as_done(central::cancel_units(work, cancellation, UserId{}));
  });
}

void Workload::convert() {
  act(world_->hub(), "conversion", [](storage::UnitOfWork& work) -> Result<bool> {
    for (const storage::OrderRow& order : storage::orders(work.connection(), {0, 1000, false})) {
      for (const auto& line : storage::order_lines(work.connection(), order.id)) {
        const std::int64_t parked = line.progress.parked_milli();
        if (parked == 0) continue;
        return as_done(
            central::convert_pickup(work, order.id, line.progress.line, parked, UserId{}));
      }
    }
    return nothing();
  });
}

void Workload::mint_code() {
  const std::uint64_t choice = world_->random().next();
  const auto minted = std::make_shared<std::pair<ShipGroupId, std::string>>();
  act(
      world_->hub(), "pickup code",
      [this, choice, minted](storage::UnitOfWork& work) -> Result<bool> {
        storage::ShipGroupFilter filter;
        filter.method = "PICKUP";
        filter.statuses = choice % 2 == 0 ? std::vector<std::string>{"READY"}
                                          : std::vector<std::string>{"ALLOCATED", "PICKING"};
        auto groups = storage::ship_groups(work.connection(), filter);
        // A customer who has a code seldom asks for another.
        if (choice % 16 != 0) std::erase_if(groups, [](const auto& g) { return g.code_minted; });
        if (groups.empty()) return nothing();
        const ShipGroupId group = groups[choice / 16 % groups.size()].id;
        const auto code = central::mint_pickup_code(work, world_->hub().random, group, UserId{});
        if (!code) return fail(code.error());
        *minted = {group, *code};
        return true;
      },
      [this, minted] { codes_[minted->first] = minted->second; });
}

void Workload::take_back() {
  if (placed_.empty()) return;
  SimRandom& random = world_->random();
  central::GoodsBack goods;
  goods.order = placed_[random.next() % placed_.size()];
  goods.line = LineNo(static_cast<std::uint32_t>(random.between(1, 3)));
  goods.milli = kMilliPerUnit;
  goods.source = "carrier";
  act(world_->hub(), "goods back", [goods](storage::UnitOfWork& work) {
    return as_done(central::take_back(work, goods, UserId{}));
  });
}

}  // namespace cairn::sim
