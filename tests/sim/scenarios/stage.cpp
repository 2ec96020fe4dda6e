#include "tests/sim/scenarios/stage.h"

#include "central/orders/order_book.h"
#include "central/pickup/pickup_codes.h"
#include "central/routing/routing_run.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/returns.h"
#include "core/storage/projections/stock_on_hand.h"
#include "edge-agent/workflows/hand_over.h"
#include "edge-agent/workflows/labels.h"
#include "edge-agent/workflows/pack.h"
#include "edge-agent/workflows/returns.h"
#include "tests/sim/checks.h"
#include "tests/sim/replica_dump.h"
#include "tests/sim/workload.h"
#include "tests/support/catch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

namespace cairn::sim {
namespace {

using storage::UnitOfWork;

agent::Operator operator_at(int endpoint) { return {UserId{}, fmt::format("s{}", endpoint)}; }

std::filesystem::path directory() {
  return std::filesystem::temp_directory_path() / fmt::format("cairn-stage-{}", getpid());
}

template <class T>
Result<bool> as_done(const Result<T>& done) {
  if (!done) return fail(done.error());
  return true;
}

}  // namespace

std::vector<Course> courses(int one, int other) {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    for (const bool rough : {false, true}) {
      all.push_back({seed, one, other, rough});
      all.push_back({seed, other, one, rough});
    }
  }
  return all;
}

Stage::Stage(const Course& course)
    : course_(course), world_(course.seed, directory(), course.options) {
  for (auto& endpoint : world_.endpoints()) set_lan(endpoint->number, course.lan);
  must(kHub, [this](UnitOfWork& work) { return set_up(world_, work); });
  settle();
}

std::string Stage::receipt() const { return fmt::format("web-{}", orders_); }

void Stage::run(Duration duration) { world_.run(world_.timeline().now() + duration); }

Result<bool> Stage::tell(int endpoint, storage::Writer::Job<bool> job) {
  Result<bool> answer = fail(ErrorCode::kInternal, "no_answer", "nobody answered");
  at(endpoint).writer().submit<bool>(std::move(job),
                                     [&answer](const Result<bool>& done) { answer = done; });
  run(std::chrono::milliseconds(20));
  return answer;
}

void Stage::must(int endpoint, storage::Writer::Job<bool> job) {
  const auto answer = tell(endpoint, std::move(job));
  INFO((answer ? std::string() : answer.error().reason + ": " + answer.error().message));
  REQUIRE(answer);
}

void Stage::cut(const std::vector<int>& endpoints) {
  settle();
  for (const int endpoint : endpoints) world_.network().set_link(endpoint, false);
  roughen();
}

void Stage::roughen() {
  if (!course_.rough) return;
  world_.network().faults = {20, 50, std::chrono::milliseconds(300)};
  world_.lan().faults = {20, 50, std::chrono::milliseconds(100)};
}

void Stage::cut_now(const std::vector<int>& endpoints) {
  for (const int endpoint : endpoints) world_.network().set_link(endpoint, false);
}

void Stage::mend(int endpoint) {
  world_.network().set_link(endpoint, true);
  hear(endpoint);
}

/// Until the hub has acknowledged all that the device wrote. In a rough course a question that is
/// lost in a repair is asked again after half a minute.
void Stage::hear(int endpoint) {
  for (int i = 0; i < 6000; ++i) {
    run(std::chrono::milliseconds(100));
    const auto status = at(endpoint).agent->sync().status();
    if (status.link == sync::LinkState::kLive && status.hwm == status.head) return;
  }
  FAIL("the hub never heard the device out");
}

void Stage::mend_in_order() {
  for (const int endpoint : {course_.first, course_.second}) {
    if (endpoint != kHub) mend(endpoint);
  }
  settle();
}

/// A device that never ran is not waited for.
void Stage::settle() {
  std::vector<int> unborn;
  for (const auto& endpoint : world_.endpoints()) {
    if (endpoint->lives == 0) unborn.push_back(endpoint->number);
  }
  settle_all_but(unborn);
}

void Stage::settle_sites() {
  for (int i = 0; i < 600; ++i) {
    run(std::chrono::milliseconds(100));
    if (apart_at_sites(world_).empty()) return check_sites_agree(world_);
  }
  FAIL("the devices of a site did not come together: " << apart_at_sites(world_));
}

void Stage::settle_all_but(const std::vector<int>& endpoints) {
  for (int i = 0; i < 2000; ++i) {
    run(std::chrono::milliseconds(100));
    if (quiet(world_, {endpoints.begin(), endpoints.end()})) return;
  }
  FAIL("the replicas did not come together");
}

namespace {

domain::OrderPlaced placed_order(const std::string& receipt, domain::FulfilmentMethod method,
                                 const std::vector<std::int64_t>& pieces) {
  domain::OrderPlaced placed;
  placed.channel = "web";
  placed.external_id = receipt;
  placed.method = method;
  placed.destination = {51'000'000, 0};
  if (method == domain::FulfilmentMethod::kPickup) placed.pickup_site = *SiteId::parse("store");
  for (std::uint32_t i = 0; i < pieces.size(); ++i) {
    placed.lines.push_back({LineNo(i + 1), sku_of(i), "article", Quantity::pieces(pieces[i]),
                            Money{kUnitPriceMinor, *Currency::parse("GBP")}, false});
  }
  return placed;
}

}  // namespace

void Stage::place_again(const std::vector<std::int64_t>& pieces) {
  must(kHub, [&](UnitOfWork& work) -> Result<bool> {
    const auto placed = placed_order(receipt(), domain::FulfilmentMethod::kShip, pieces);
    if (const auto id = central::place_order(work, placed, UserId{}); !id) return fail(id.error());
    return as_done(central::run_routing(work, at(kHub).hub->ids(), domain::PartialOrders::kWait, 0,
                                        10, UserId{}));
  });
}

void Stage::rename(std::int64_t article, const std::string& name) {
  must(kHub, [article, &name](UnitOfWork& work) {
    auto product = *storage::find_product(work.connection(), sku_of(article));
    product.name = name;
    return as_done(work.record({domain::ReferenceEvent(domain::ProductDefined{product}),
                                domain::product_key(product.sku),
                                SiteId{},
                                UserId{},
                                {},
                                {}}));
  });
}

ShipGroupId Stage::order(domain::FulfilmentMethod method, const std::vector<std::int64_t>& pieces) {
  ++orders_;
  const domain::OrderPlaced placed = placed_order(receipt(), method, pieces);
  ShipGroupId group;
  must(kHub, [&](UnitOfWork& work) -> Result<bool> {
    const auto id = central::place_order(work, placed, UserId{});
    if (!id) return fail(id.error());
    order_ = *id;
    // Nothing is to be had at the depot, so that the store fills it.
    for (std::uint32_t i = 0; i < pieces.size(); ++i) {
      const domain::StockCounted none{sku_of(i), *LocationCode::parse(fmt::format("B-{}", i)),
                                      Quantity::pieces(0), domain::CountSource::kRecount};
      const auto counted =
          work.record({domain::StockEvent(none), {}, *SiteId::parse("depot"), UserId{}, {}, {}});
      if (!counted) return fail(counted.error());
    }
    const auto run = central::run_routing(work, at(kHub).hub->ids(), domain::PartialOrders::kWait,
                                          0, 10, UserId{});
    if (!run) return fail(run.error());
    storage::ShipGroupFilter filter;
    filter.order = order_;
    const auto rows = storage::ship_groups(work.connection(), filter);
    if (rows.size() != 1) return fail(ErrorCode::kInternal, "routing", "not one group");
    group = rows.front().id;
    return true;
  });
  settle();
  return group;
}

void Stage::claim(int endpoint, ShipGroupId group) {
  must(endpoint, [this, endpoint, group](UnitOfWork& work) {
    return as_done(at(endpoint).agent->pick().claim(work, group, operator_at(endpoint)));
  });
}

void Stage::hand_on(int from, int to, ShipGroupId group) {
  must(from, [this, from, group](UnitOfWork& work) -> Result<bool> {
    return as_done(at(from).agent->pick().release(work, group, operator_at(from), false));
  });
  settle();
  claim(to, group);
}

void Stage::pick(int endpoint, ShipGroupId group, std::uint32_t line, std::int64_t pieces) {
  pick_at(endpoint, endpoint, group, line, pieces);
}

void Stage::pick_at(int endpoint, int station, ShipGroupId group, std::uint32_t line,
                    std::int64_t pieces) {
  for (std::int64_t i = 0; i < pieces; ++i) {
    must(endpoint, [this, endpoint, station, group, line](UnitOfWork& work) {
      const auto& article = work.replica().ship_group(group).find(LineNo(line))->line;
      return as_done(at(endpoint).agent->pick().scan(work, operator_at(station),
                                                     {"", article.gtins.front().text()}));
    });
  }
}

void Stage::pack(int endpoint, ShipGroupId group) {
  must(endpoint, [endpoint, group](UnitOfWork& work) -> Result<bool> {
    const auto plan = agent::plan_package(work, group);
    if (!plan) return fail(plan.error());
    domain::ClosePackage close;
    close.weight_mg = plan->weight.expected_mg;
    const auto by = operator_at(endpoint);
    const auto package = agent::close_package(work, group, close, by);
    if (!package) return fail(package.error());
    const auto label = agent::start_label(work, group, *package, "printer", false, by);
    if (!label) return fail(label.error());
    return as_done(agent::end_label(work, group, {label->start, domain::PrintOutcome::kDone, ""}));
  });
}

void Stage::ship(int endpoint, ShipGroupId group) {
  must(endpoint, [endpoint, group](UnitOfWork& work) {
    return as_done(agent::ship(work, group, operator_at(endpoint)));
  });
}

std::string Stage::mint(ShipGroupId group) {
  std::string code;
  must(kHub, [&](UnitOfWork& work) -> Result<bool> {
    const auto minted = central::mint_pickup_code(work, at(kHub).random, group, UserId{});
    if (!minted) return fail(minted.error());
    code = *minted;
    return true;
  });
  settle();
  return code;
}

void Stage::hand_over(int endpoint, ShipGroupId group, const std::string& code) {
  must(endpoint, [endpoint, group, code](UnitOfWork& work) -> Result<bool> {
    const auto answer = agent::hand_over(work, group, code, operator_at(endpoint));
    if (!answer) return fail(answer.error());
    if (!answer->code_was_right) return fail(ErrorCode::kInternal, "wrong_code", "wrong code");
    return true;
  });
}

Result<bool> Stage::cancel(std::uint32_t line, std::int64_t pieces) {
  return tell(kHub, [this, line, pieces](UnitOfWork& work) {
    central::UnitCancellation cancellation;
    cancellation.order = order_;
    cancellation.line = LineNo(line);
    cancellation.milli = pieces * kMilliPerUnit;
    return as_done(central::cancel_units(work, cancellation, UserId{}));
  });
}

void Stage::take_return(int endpoint, std::uint32_t line, std::int64_t pieces) {
  const ReturnId id(IdSource(at(endpoint).clock, at(endpoint).random).next());
  must(endpoint, [this, endpoint, line, pieces, id](UnitOfWork& work) -> Result<bool> {
    const auto by = operator_at(endpoint);
    if (auto begun = agent::begin_return(work, by, receipt()); !begun) return fail(begun.error());
    const storage::ReturnDraft::Unit units{LineNo(line), domain::ReturnCondition::kRestock,
                                           pieces * kMilliPerUnit};
    if (auto ok = agent::set_units(work, by, units); !ok) return fail(ok.error());
    return as_done(agent::take_draft(work, by, {"", UserId{}, 100'000}, id));
  });
}

void Stage::find_sale(int endpoint) {
  bool found = false;
  at(endpoint).sales->search(receipt(), [&found](const Result<bool>& sale) { found = bool(sale); });
  run(std::chrono::seconds(5));
  REQUIRE(found);
}

std::int64_t Stage::on_hand(int article) {
  return storage::site_on_hand_milli(at(kHub).replica().connection(), *SiteId::parse("store"),
                                     sku_of(article)) /
         kMilliPerUnit;
}

std::vector<Stage::Contested> Stage::contested() {
  std::vector<Contested> all;
  for (const auto& row :
       storage::refund_exceptions(at(kHub).replica().connection(), std::nullopt)) {
    all.push_back({row.site.text(), row.milli, row.elsewhere});
  }
  return all;
}

void Stage::check_same_everywhere() {
  storage::Connection& hub = at(kHub).replica().connection();
  for (auto& endpoint : world_.endpoints()) {
    if (endpoint->number == kHub) continue;
    CAPTURE(endpoint->number);
    storage::Connection& own = endpoint->replica().connection();
    CHECK(dump_site(own, endpoint->site) == dump_site(hub, endpoint->site));
    CHECK(dump_node(own, endpoint->node) == dump_node(hub, endpoint->node));
  }
  const Workload nothing(world_);
  check_at_rest(world_, nothing);
  CHECK(world_.violations() == std::vector<std::string>{});
}

std::vector<domain::ShipGroupException::Kind> kinds_of(const domain::ShipGroup& group) {
  std::vector<domain::ShipGroupException::Kind> kinds;
  for (const auto& exception : group.exceptions) kinds.push_back(exception.kind);
  return kinds;
}

}  // namespace cairn::sim
