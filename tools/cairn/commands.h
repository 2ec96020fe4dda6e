#pragma once
// The commands of the operator's tool. Each prints its result on standard output and returns the
// exit status: 0 done, 1 not done, 3 done but something needs a look (rows were rejected, a chain
// is broken). Main thread.

#include "tools/cairn/api_session.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::tool {

inline constexpr int kDone = 0;
inline constexpr int kNotDone = 1;
inline constexpr int kLook = 3;

struct ImportArguments {
  std::string kind;  ///< products, stock, orders
  std::string file;
  std::string channel = "import";
  bool dry_run = false;
  bool recount = false;
};
Result<int> import_command(ApiSession& api, const ImportArguments& arguments);

Result<int> status_command(ApiSession& api);

struct LogArguments {
  std::string node;
  std::int64_t limit = 50;  ///< from 1
  bool json = false;
  std::string data_dir;  ///< verify: of a program that is stopped; empty: ask the running one
};
Result<int> log_show_command(ApiSession& api, const LogArguments& arguments);
Result<int> log_verify_command(ApiSession& api);
struct FoldArguments {
  std::int64_t older_than_days = 0;
};
Result<int> log_fold_command(ApiSession& api, const FoldArguments& arguments);
/// What of a log is folded, for people.
std::string folded_line(json::Reader& folded);
/// Opens the database itself, once it holds the data directory's lock.
Result<int> log_verify_offline_command(const std::string& data_dir);

Result<int> sync_status_command(ApiSession& api);
struct QuarantineArguments {
  std::string record;  ///< "node/incarnation/number"; empty: list all
};
Result<int> sync_quarantine_command(ApiSession& api, const QuarantineArguments& arguments);
Result<int> sync_replay_command(ApiSession& api);

Result<int> route_command(ApiSession& api);

struct RuleSetArguments {
  std::string name;  ///< empty: list all
  std::string file;  ///< its next version; empty: show it
  bool inactive = false;
};
Result<int> rule_set_command(ApiSession& api, const RuleSetArguments& arguments);
struct SimulateArguments {
  std::string file;   ///< rules
  std::string since;  ///< RFC 3339, like `until`
  std::string until;  ///< empty: now
};
Result<int> simulate_command(ApiSession& api, const SimulateArguments& arguments);
/// kLook: a decision is another today.
Result<int> replay_command(ApiSession& api, const std::string& order);
Result<int> routing_runs_command(ApiSession& api);
Result<int> routing_pause_command(ApiSession& api, bool paused);

struct PromotionArguments {
  std::string name;
  std::string file;  ///< set: its definition as JSON; "-" is standard input
};
Result<int> promotion_list_command(ApiSession& api);
Result<int> promotion_show_command(ApiSession& api, const PromotionArguments& arguments);
Result<int> promotion_set_command(ApiSession& api, const PromotionArguments& arguments);
Result<int> promotion_end_command(ApiSession& api, const PromotionArguments& arguments);

struct OrderArguments {
  std::string file;   ///< capture: the order as JSON; "-" is standard input
  std::string order;  ///< the others: its id
  std::string reason = "MANUAL";
  std::string note;
};
Result<int> orders_capture_command(ApiSession& api, const OrderArguments& arguments);
Result<int> orders_hold_command(ApiSession& api, const OrderArguments& arguments);
Result<int> orders_release_command(ApiSession& api, const OrderArguments& arguments);
/// kLook: not all of it could be cancelled.
Result<int> orders_cancel_command(ApiSession& api, const OrderArguments& arguments);

struct AdjustArguments {
  std::string site;
  std::string sku;
  std::string location;
  std::int64_t units = 0;  ///< below zero: away from the location
  std::string reason;
};
Result<int> stock_adjust_command(ApiSession& api, const AdjustArguments& arguments);

struct LeaseArguments {
  std::string site;
  std::string sku;
  std::string node;  ///< grant: the device; empty: the only one of the site
  std::int64_t units = 0;
  std::int64_t seconds = 24LL * 3600;
  std::string lease;
  bool all = false;  ///< list: those that have ended, too
};
Result<int> lease_list_command(ApiSession& api, const LeaseArguments& arguments);
Result<int> lease_grant_command(ApiSession& api, const LeaseArguments& arguments);
Result<int> lease_recall_command(ApiSession& api, const LeaseArguments& arguments);

struct SiteArguments {
  std::string site;
  std::string name;
  std::string kind;
  double latitude = 0;
  double longitude = 0;
};
Result<int> site_set_command(ApiSession& api, const SiteArguments& arguments);
Result<int> site_list_command(ApiSession& api);
Result<int> site_reset_command(ApiSession& api, const SiteArguments& arguments);

struct NodeArguments {
  std::string site;
  std::string name;
  std::string node;  ///< empty: the hub makes one
};
Result<int> node_add_command(ApiSession& api, const NodeArguments& arguments);
Result<int> node_list_command(ApiSession& api);

struct NodeCommandArguments {
  std::string node;
  std::string verb;
  std::string argument;
  std::int64_t ttl_s = 24LL * 3600;
  bool requires_online = false;
};
Result<int> node_command_command(ApiSession& api, const NodeCommandArguments& arguments);
Result<int> node_commands_command(ApiSession& api, const NodeCommandArguments& arguments);

struct NodeConfigArguments {
  std::string node;
  std::string file;  ///< the values, as JSON
};
Result<int> node_config_command(ApiSession& api, const NodeConfigArguments& arguments);
Result<int> node_configure_command(ApiSession& api, const NodeConfigArguments& arguments);

struct StaffArguments {
  std::string site;  ///< empty: head office
  std::string name;
  std::string role;
};
Result<int> staff_add_command(ApiSession& api, const StaffArguments& arguments);
Result<int> staff_list_command(ApiSession& api);

struct ApiKeyArguments {
  std::string name;
  std::vector<std::string> scopes;  ///< permissions
  std::string expires_at;           ///< RFC 3339 in UTC; empty: never
  std::string key;                  ///< revoke: its id
};
/// Prints the secret, this once.
Result<int> api_key_create_command(ApiSession& api, const ApiKeyArguments& arguments);
Result<int> api_key_list_command(ApiSession& api);
Result<int> api_key_revoke_command(ApiSession& api, const ApiKeyArguments& arguments);

struct AuditArguments {
  std::int64_t limit = 50;  ///< 1 to 500
  std::string head;         ///< verify: an end that was noted before; empty: what the hub noted
  std::string data_dir;     ///< verify: of a hub that is stopped; empty: ask the running one
};
Result<int> audit_list_command(ApiSession& api, const AuditArguments& arguments);
Result<int> audit_verify_command(ApiSession& api, const AuditArguments& arguments);
/// Opens the database itself, once it holds the data directory's lock.
Result<int> audit_verify_offline_command(const AuditArguments& arguments);

/// Makes one and waits for its end.
Result<int> backup_now_command(ApiSession& api);
Result<int> backup_list_command(ApiSession& api);

struct DecodeArguments {
  std::vector<std::string> files;
  bool json = false;
};
/// Reads the codes in pictures; needs no running program. The exit status is how many files could
/// not be decoded, 125 for more.
int decode_command(const DecodeArguments& arguments);
struct DeviceArguments {
  std::string device;  ///< as the agent's configuration calls it
  bool json = false;
};
Result<int> device_list_command(ApiSession& api, const DeviceArguments& arguments);
/// Prints a line for each change and each read, until it is interrupted.
Result<int> device_monitor_command(ApiSession& api, const DeviceArguments& arguments);
/// Status 3: it did not pass.
Result<int> device_test_command(ApiSession& api, const DeviceArguments& arguments);
Result<int> device_claim_command(ApiSession& api, const DeviceArguments& arguments);
Result<int> device_release_command(ApiSession& api, const DeviceArguments& arguments);

// ---- without a running program ----

/// What is plugged in at this machine, or what has that url (`device`). Status 3: nothing.
Result<int> device_identify_command(const DeviceArguments& arguments);

struct RenderArguments {
  std::string data;  ///< the document, a JSON file; "-": standard input
  bool png = false;  ///< a picture, else the printer's own language
};
/// The octets go to standard output. docs/receipts.md has the document.
Result<int> receipt_command(const RenderArguments& arguments);

struct LabelArguments {
  enum class Form : std::uint8_t { kZpl, kEpl, kPng };
  std::string type;  ///< shelf, bin, tote, parcel, pickup, return, product
  std::string data;
  Form form = Form::kZpl;
};
/// The same. docs/labels.md has the documents.
Result<int> label_command(const LabelArguments& arguments);

}  // namespace cairn::tool
