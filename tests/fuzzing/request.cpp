// Requests to the hub: target, query and body as they come from outside, given to the handlers of
// its routes. Each is answered, and no answer is "internal error".

#include "central/api/hub_api.h"
#include "core/program/routes/log_routes.h"
#include "core/program/routes/ship_group_routes.h"
#include "core/runtime/detail/accepted_encodings.h"
#include "core/runtime/detail/credentials.h"
#include "core/runtime/detail/field_syntax.h"
#include "core/runtime/detail/percent.h"
#include "core/runtime/detail/route_table.h"
#include "tests/core/program/support/desk.h"
#include "tests/fuzzing/target.h"
#include "tests/sync/support/fake_bus.h"

#include <memory>
#include <string>
#include <vector>

namespace cairn::fuzz {
namespace {

using runtime::HttpRequest;

/// A hub without its server.
class Office {
 public:
  Office() {
    auto core = central::HubCore::open(
        {path_, storage::Connection::Durability::kSimulated, storage::test::node(77), {}}, env_,
        bus_, [](const Error&) {});
    hold(core.has_value(), "the hub starts");
    core_ = *std::move(core);
    readers_ = std::make_unique<storage::ReadPool>(path_, 1);
    commands_ = std::make_unique<program::Commands>(executor_, core_->writer());
    imports_ = std::make_unique<central::ImportService>(env_, core_->writer(),
                                                        [](const central::ImportStatus&) {});
    backups_ = std::make_unique<central::BackupService>(
        env_, core_->writer(), core_->replica().connection(), central::BackupConfig{},
        central::BackupService::Verify::kOnLoop, [](const std::vector<EventRef>&) {});
    routing_ = std::make_unique<central::RoutingDesk>(
        env_, core_->writer(), core_->replica().connection(), core_->ids(), core_->site_ages(),
        central::RoutingDeskSettings{});
    const central::HubApi api{env_,
                              *core_,
                              *commands_,
                              *readers_,
                              *imports_,
                              *backups_,
                              *routing_,
                              disk_,
                              capture_,
                              {},
                              storage::AuditAnchor("", {})};
    std::vector<runtime::Route> all;
    for (auto& routes :
         {central::registry_routes(api), central::catalogue_routes(api), central::order_routes(api),
          central::capture_routes(api, {}), central::promotion_routes(api),
          central::promise_routes(api), central::supply_routes(api), central::routing_routes(api),
          central::routing_run_routes(api), central::stock_adjustment_routes(api),
          central::pickup_routes(api), central::import_routes(api), program::log_routes(*readers_),
          program::ship_group_routes(*readers_)}) {
      all.insert(all.end(), routes.begin(), routes.end());
    }
    routes_ =
        std::make_unique<runtime::RouteTable>(std::move(all), std::vector<runtime::StreamRoute>{});
  }

  /// True: the database may have changed.
  bool answer(HttpRequest request, const std::vector<std::string>& segments) {
    const auto found = routes_->find(request.method, segments);
    if (found.entry == nullptr) return false;
    request.parameters = found.parameters;
    const auto response = found.entry->route.handler(request, {});
    if (response) {
      hold(response->status >= 200 && response->status < 400, "an answer without an error is good");
      return request.method != "GET";
    }
    hold(response.error().code != ErrorCode::kInternal, "no request is an internal error");
    hold(response.error().code != ErrorCode::kUnavailable, "every request is answered");
    return false;
  }

 private:
  storage::test::TempFolder folder_;
  std::string path_ = folder_.file("hub.sqlite");
  storage::test::TestClock clock_;
  storage::test::RecordingLog log_;
  program::test::InlineExecutor executor_;
  sim::SimRandom random_{1};
  Metrics metrics_;
  Env env_{clock_, random_, executor_, log_, metrics_};
  sync::test::FakeBus bus_;
  const central::CaptureConfig capture_;
  std::unique_ptr<central::HubCore> core_;
  std::unique_ptr<storage::ReadPool> readers_;
  std::unique_ptr<program::Commands> commands_;
  std::unique_ptr<central::ImportService> imports_;
  std::unique_ptr<central::BackupService> backups_;
  std::unique_ptr<central::RoutingDesk> routing_;
  program::DiskWatch disk_{env_, path_, {}};
  std::unique_ptr<runtime::RouteTable> routes_;
};

/// The next line of the text, taken off it.
BytesView take_line(BytesView& text) {
  const BytesView line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace

void request(BytesView input) {
  HttpRequest request;
  BytesView line = take_line(input);
  const auto blank = line.find(' ');
  if (blank == BytesView::npos) return;
  request.method = std::string(line.substr(0, blank));
  line.remove_prefix(blank + 1);
  request.headers.emplace("Accept-Encoding", std::string(line));
  request.headers.emplace("Authorization", std::string(line));
  request.headers.emplace("Cookie", std::string(line));
  static_cast<void>(runtime::accepted_encodings(request.headers));
  static_cast<void>(runtime::find_credentials(request.headers));
  static_cast<void>(runtime::is_field_value(line));
  const auto mark = line.find('?');
  request.path = std::string(line.substr(0, mark));
  const auto segments = runtime::split_path(request.path);
  const auto query =
      runtime::split_query(mark == BytesView::npos ? BytesView() : line.substr(mark + 1));
  if (!runtime::is_token(request.method) || !segments || !query) return;
  request.query = *query;
  request.body = std::string(input);
  static std::unique_ptr<Office> office;
  if (office == nullptr) office = std::make_unique<Office>();
  if (office->answer(request, *segments)) office.reset();  // the next one finds a new hub
}

}  // namespace cairn::fuzz
