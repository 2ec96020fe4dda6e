// cairn: the operator's tool. It asks running programs over HTTP; the only database it opens itself
// is that of a stopped one, to verify its log or its audit trail.

#include "core/program/version.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/gs1_options.h"
#include "tools/cairn/printing.h"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <signal.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace cairn::tool {
namespace {

using Run = std::function<Result<int>(ApiSession&)>;

constexpr std::int64_t kLimitMost = 1'000'000'000'000;

/// Registers a command that, when chosen, becomes `chosen`.
template <class Command>
void on_call(CLI::App* command, Run& chosen, Command run) {
  command->callback([&chosen, run] { chosen = run; });
}

void add_import(CLI::App& app, Run& chosen, ImportArguments& arguments) {
  auto* const import =
      app.add_subcommand("import", "take over articles, counted stock or orders from a CSV file");
  import->add_option("kind", arguments.kind, "what the file holds")
      ->required()
      ->check(CLI::IsMember({"products", "stock", "orders"}));
  import->add_option("file", arguments.file, "the CSV file; its columns: docs/imports.md")
      ->required();
  import->add_flag("--dry-run", arguments.dry_run, "say what would happen, change nothing");
  import->add_option("--channel", arguments.channel, "orders: where they were placed")
      ->capture_default_str();
  import->add_flag("--recount", arguments.recount,
                   "stock: count again even where the file's figure was imported before");
  import->footer(
      "Good rows are kept, every bad row is listed with its line and reason, and the same\n"
      "file again changes nothing. Exit status: 0 all rows are in, 3 some were rejected,\n"
      "1 the import did not run to its end (repeating it is safe).");
  on_call(import, chosen, [&arguments](ApiSession& api) { return import_command(api, arguments); });
}

constexpr std::int64_t kFoldDaysMost = 3650;

void add_log(CLI::App& app, Run& chosen, LogArguments& arguments, FoldArguments& folding) {
  auto* const log = app.add_subcommand("log", "look at the event log of a running hub or agent");
  log->require_subcommand(1);
  auto* const show = log->add_subcommand("show", "print records");
  show->add_option("--node", arguments.node, "only records of this author");
  show->add_option("--limit", arguments.limit, "how many at most")
      ->check(CLI::Range(std::int64_t{1}, kLimitMost))
      ->capture_default_str();
  show->add_flag("--json", arguments.json,
                 "whole records as JSON lines, with their exact octets in hexadecimal");
  on_call(show, chosen, [&arguments](ApiSession& api) { return log_show_command(api, arguments); });
  auto* const verify = log->add_subcommand("verify", "recompute every author's hash chain");
  verify->add_option("--data-dir", arguments.data_dir,
                     "the data directory of a hub or agent that is stopped, instead of asking one");
  on_call(verify, chosen, log_verify_command);
  auto* const fold =
      log->add_subcommand("fold", "pack old records now, those that are safe; nothing is lost");
  fold->add_option("--older-than-days", folding.older_than_days, "only these")
      ->check(CLI::Range(std::int64_t{0}, kFoldDaysMost))
      ->capture_default_str();
  on_call(fold, chosen, [&folding](ApiSession& api) { return log_fold_command(api, folding); });
}

void add_sync(CLI::App& app, Run& chosen, QuarantineArguments& arguments) {
  auto* const sync =
      app.add_subcommand("sync", "how far devices and hub are apart, and what was set aside");
  sync->require_subcommand(1);
  on_call(sync->add_subcommand("status", "links, watermarks, backlog, records set aside"), chosen,
          sync_status_command);
  auto* const quarantine =
      sync->add_subcommand("quarantine", "records without effect here, and what waits behind them");
  quarantine->add_option("record", arguments.record,
                         "one of them, as the list names it: NODE/INCARNATION/NUMBER");
  quarantine->footer("Exit status: 0 nothing is set aside, 3 something is.");
  on_call(quarantine, chosen,
          [&arguments](ApiSession& api) { return sync_quarantine_command(api, arguments); });
  auto* const replay = sync->add_subcommand(
      "replay", "ask the quarantine again; a start after an upgrade does it by itself");
  replay->footer("Exit status: 0 nothing is left in it, 3 something is.");
  on_call(replay, chosen, sync_replay_command);
}

void add_routing(CLI::App& app, Run& chosen, RuleSetArguments& rules, SimulateArguments& simulate,
                 std::string& order) {
  auto* const routing = app.add_subcommand("routing", "by which rules orders are routed");
  routing->require_subcommand(1);
  auto* const set = routing->add_subcommand("rules", "rule sets: all, one, or its next version");
  set->add_option("name", rules.name, "which one");
  set->add_option("--set", rules.file, "file with its next version, as JSON; - is standard input")
      ->needs("name");
  set->add_flag("--inactive", rules.inactive, "of --set: runs do not go by it")->needs("--set");
  on_call(set, chosen, [&rules](ApiSession& api) { return rule_set_command(api, rules); });
  auto* const tried =
      routing->add_subcommand("simulate", "what other rules would have made of past decisions");
  tried->add_option("file", simulate.file, "the rules, as JSON; - is standard input")->required();
  tried->add_option("--since", simulate.since, "from this moment, e.g. 2026-11-01T00:00:00Z")
      ->required();
  tried->add_option("--until", simulate.until, "until before this one, not now");
  on_call(tried, chosen, [&simulate](ApiSession& api) { return simulate_command(api, simulate); });
  auto* const again = routing->add_subcommand("replay", "decide about an order again");
  again->add_option("order", order, "the order's id")->required();
  again->footer("Exit status: 0 every decision is the same, 3 one is not.");
  on_call(again, chosen, [&order](ApiSession& api) { return replay_command(api, order); });
  on_call(routing->add_subcommand("runs", "the last runs, and when the next one is due"), chosen,
          routing_runs_command);
  on_call(routing->add_subcommand("pause", "no run begins by schedule"), chosen,
          [](ApiSession& api) { return routing_pause_command(api, true); });
  on_call(routing->add_subcommand("resume", "runs begin by schedule again"), chosen,
          [](ApiSession& api) { return routing_pause_command(api, false); });
}

void add_promotions(CLI::App& app, Run& chosen, PromotionArguments& arguments) {
  auto* const promotions = app.add_subcommand("promotions", "what is taken off orders");
  promotions->require_subcommand(1);
  on_call(promotions->add_subcommand("list", "all of them"), chosen, promotion_list_command);
  auto* const show = promotions->add_subcommand("show", "one of them, as JSON");
  show->add_option("name", arguments.name, "which one")->required();
  on_call(show, chosen,
          [&arguments](ApiSession& api) { return promotion_show_command(api, arguments); });
  auto* const set = promotions->add_subcommand("set", "define one, or define it anew");
  set->add_option("name", arguments.name, "which one")->required();
  set->add_option("file", arguments.file,
                  "its definition as JSON, - is standard input: docs/orders.md")
      ->required();
  on_call(set, chosen,
          [&arguments](ApiSession& api) { return promotion_set_command(api, arguments); });
  auto* const end = promotions->add_subcommand("end", "from now on nothing is taken off for it");
  end->add_option("name", arguments.name, "which one")->required();
  on_call(end, chosen,
          [&arguments](ApiSession& api) { return promotion_end_command(api, arguments); });
}

void add_site(CLI::App& app, Run& chosen, SiteArguments& arguments) {
  auto* const site = app.add_subcommand("site", "facilities");
  site->require_subcommand(1);
  auto* const set = site->add_subcommand("set", "create or change a facility");
  set->add_option("site", arguments.site, "short code: 1-32 lower-case letters, digits, dashes")
      ->required();
  set->add_option("--name", arguments.name, "what people call it")->required();
  set->add_option("--kind", arguments.kind, "WAREHOUSE or STORE")->required();
  set->add_option("--latitude", arguments.latitude, "degrees")->required();
  set->add_option("--longitude", arguments.longitude, "degrees")->required();
  on_call(set, chosen, [&arguments](ApiSession& api) { return site_set_command(api, arguments); });
  on_call(site->add_subcommand("list", "all of them"), chosen, site_list_command);
  auto* const reset = site->add_subcommand(
      "reset-capacity", "let one that said it can take no more be given orders again");
  reset->add_option("site", arguments.site, "the site's code")->required();
  on_call(reset, chosen,
          [&arguments](ApiSession& api) { return site_reset_command(api, arguments); });
}

constexpr std::int64_t kAdjustUnitsMost = 1'000'000'000;
constexpr std::int64_t kLeaseUnitsMost = 1'000'000'000;
constexpr std::int64_t kLeaseSecondsMost = 90LL * 24 * 3600;

void add_adjust(CLI::App& stock, Run& chosen, AdjustArguments& arguments) {
  auto* const adjust = stock.add_subcommand("adjust", "say what is there, or not, and why");
  adjust->add_option("site", arguments.site, "the site's code")->required();
  adjust->add_option("sku", arguments.sku, "the article")->required();
  adjust->add_option("location", arguments.location, "the bin")->required();
  adjust
      ->add_option("units", arguments.units,
                   "how many come to the bin; below zero: how many leave it (after --)")
      ->required()
      ->check(CLI::Range(-kAdjustUnitsMost, kAdjustUnitsMost));
  adjust
      ->add_option("--reason", arguments.reason,
                   "COUNT_ADJ, VAR_LOST, VAR_STOLEN, VAR_FOUND, VAR_DAMAGED, VAR_INTEGR, "
                   "VAR_SAMPLE, DAMAGED, WORN_DISPLAY, QC or CUSTOMER_HOLD: docs/promise.md")
      ->required();
  on_call(adjust, chosen,
          [&arguments](ApiSession& api) { return stock_adjust_command(api, arguments); });
}

void add_leases(CLI::App& stock, Run& chosen, LeaseArguments& arguments) {
  auto* const leases = stock.add_subcommand("leases", "units set aside for sales of devices");
  leases->require_subcommand(1);
  auto* const list = leases->add_subcommand("list", "those that have not ended");
  list->add_option("--site", arguments.site, "only of this site");
  list->add_option("--sku", arguments.sku, "only of this article");
  list->add_flag("--all", arguments.all, "those that have ended, too");
  on_call(list, chosen,
          [&arguments](ApiSession& api) { return lease_list_command(api, arguments); });
  auto* const grant = leases->add_subcommand("grant", "set units aside");
  grant->add_option("site", arguments.site, "the site's code")->required();
  grant->add_option("sku", arguments.sku, "the article")->required();
  grant->add_option("units", arguments.units, "how many")
      ->required()
      ->check(CLI::Range(std::int64_t{1}, kLeaseUnitsMost));
  grant->add_option("--node", arguments.node, "the device that may sell, if the site has several");
  grant->add_option("--seconds", arguments.seconds, "how long it may sell")
      ->check(CLI::Range(std::int64_t{1}, kLeaseSecondsMost))
      ->capture_default_str();
  on_call(grant, chosen,
          [&arguments](ApiSession& api) { return lease_grant_command(api, arguments); });
  auto* const recall = leases->add_subcommand(
      "recall", "ask one back; nobody else is promised its units before the device has answered");
  recall->add_option("lease", arguments.lease, "its id")->required();
  on_call(recall, chosen,
          [&arguments](ApiSession& api) { return lease_recall_command(api, arguments); });
}

void add_orders(CLI::App& app, Run& chosen, OrderArguments& arguments) {
  auto* const orders = app.add_subcommand("orders", "one order at a time");
  orders->require_subcommand(1);
  auto* const capture = orders->add_subcommand("capture", "take an order over");
  capture
      ->add_option("file", arguments.file, "the order as JSON, - is standard input: docs/orders.md")
      ->required();
  on_call(capture, chosen,
          [&arguments](ApiSession& api) { return orders_capture_command(api, arguments); });
  auto* const hold =
      orders->add_subcommand("hold", "no site is given any of it until it is released");
  hold->add_option("order", arguments.order, "the order's id")->required();
  hold->add_option("--reason", arguments.reason, "why")
      ->check(CLI::IsMember({"FRAUD", "ADDRESS", "MANUAL"}))
      ->capture_default_str();
  hold->add_option("--note", arguments.note, "for people");
  on_call(hold, chosen,
          [&arguments](ApiSession& api) { return orders_hold_command(api, arguments); });
  auto* const release = orders->add_subcommand("release", "let a held order go on");
  release->add_option("order", arguments.order, "the order's id")->required();
  release->add_option("--note", arguments.note, "for people");
  on_call(release, chosen,
          [&arguments](ApiSession& api) { return orders_release_command(api, arguments); });
  auto* const cancel = orders->add_subcommand("cancel", "cancel it as far as it can be");
  cancel->add_option("order", arguments.order, "the order's id")->required();
  cancel->footer("Exit status: 0 all is cancelled, 3 some of it is packed or gone.");
  on_call(cancel, chosen,
          [&arguments](ApiSession& api) { return orders_cancel_command(api, arguments); });
}

constexpr std::int64_t kCommandLivesMostS = 30LL * 24 * 3600;

void add_node_command(CLI::App& node, Run& chosen, NodeCommandArguments& arguments) {
  auto* const command = node.add_subcommand("command", "tell a device to do something");
  command->add_option("node", arguments.node, "the device's id")->required();
  command->add_option("verb", arguments.verb, "what it is to do")
      ->required()
      ->check(CLI::IsMember({"print_test_label", "resync", "rebuild", "restart", "send_log"}));
  command->add_option("--argument", arguments.argument,
                      "print_test_label: which printer; send_log: how many lines");
  command->add_option("--ttl-s", arguments.ttl_s, "seconds after which it is not begun any more")
      ->check(CLI::Range(std::int64_t{1}, kCommandLivesMostS))
      ->capture_default_str();
  command->add_flag("--requires-online", arguments.requires_online,
                    "only while the device is in touch with the hub");
  on_call(command, chosen,
          [&arguments](ApiSession& api) { return node_command_command(api, arguments); });
  auto* const list = node.add_subcommand("commands", "what a device was told, and its answers");
  list->add_option("node", arguments.node, "the device's id")->required();
  on_call(list, chosen,
          [&arguments](ApiSession& api) { return node_commands_command(api, arguments); });
}

void add_node_config(CLI::App& node, Run& chosen, NodeConfigArguments& arguments) {
  auto* const show =
      node.add_subcommand("config", "the configuration a device should have, and has");
  show->add_option("node", arguments.node, "the device's id")->required();
  on_call(show, chosen,
          [&arguments](ApiSession& api) { return node_config_command(api, arguments); });
  auto* const set = node.add_subcommand("configure", "give a device another configuration");
  set->add_option("node", arguments.node, "the device's id")->required();
  set->add_option("file", arguments.file,
                  "the values as JSON; {} leaves the device its own file: docs/configuration.md")
      ->required();
  on_call(set, chosen,
          [&arguments](ApiSession& api) { return node_configure_command(api, arguments); });
}

void add_node(CLI::App& app, Run& chosen, NodeArguments& arguments, NodeCommandArguments& command,
              NodeConfigArguments& config) {
  auto* const node = app.add_subcommand("node", "devices");
  node->require_subcommand(1);
  auto* const add = node->add_subcommand("add", "register a device and print its id");
  add->add_option("--site", arguments.site, "where it stands")->required();
  add->add_option("--name", arguments.name, "what people call it")->required();
  add->add_option("--id", arguments.node, "an id the device already has");
  on_call(add, chosen, [&arguments](ApiSession& api) { return node_add_command(api, arguments); });
  on_call(node->add_subcommand("list", "all of them, and how far they are behind"), chosen,
          node_list_command);
  add_node_command(*node, chosen, command);
  add_node_config(*node, chosen, config);
}

using RunHere = std::function<Result<int>()>;

void add_identify(CLI::App& device, RunHere& chosen, DeviceArguments& arguments) {
  auto* const identify = device.add_subcommand(
      "identify", "what is plugged in at this machine, and the tables to configure it with");
  identify->add_option("url", arguments.device, "only this one");
  identify->add_flag("--json", arguments.json, "a line of JSON for each");
  identify->footer("Needs no agent, and takes nothing from one. Exit status 3: nothing is there.");
  identify->callback([&chosen, &arguments] {
    chosen = [&arguments] { return device_identify_command(arguments); };
  });
}

void add_device(CLI::App& app, Run& chosen, RunHere& chosen_here, DeviceArguments& arguments) {
  auto* const device =
      app.add_subcommand("device", "scanners, scales and printers of an agent, or plugged in here");
  device->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, auto command) {
    auto* const one = device->add_subcommand(name, what);
    on_call(one, chosen,
            [&arguments, command](ApiSession& api) { return command(api, arguments); });
    return one;
  };
  auto* const list = add("list", "all of them, and how they are", device_list_command);
  list->add_flag("--json", arguments.json, "as GET /api/v1/devices answers");
  auto* const monitor =
      add("monitor", "what they do, line by line, until ^C", device_monitor_command);
  monitor->add_flag("--json", arguments.json, "a line of JSON for each event");
  auto* const test = add("test", "see whether one works", device_test_command);
  test->add_flag("--json", arguments.json, "the answer as JSON");
  test->footer(
      "A printer prints a test label, a scale is asked for a weight at rest, a scanner's next\n"
      "read is taken and does nothing else. Exit status: 0 passed, 3 did not pass.");
  auto* const release =
      add("release", "give one back to the system, for another program", device_release_command);
  auto* const claim = add("claim", "take a released one again", device_claim_command);
  add_identify(*device, chosen_here, arguments);
  for (auto* const one : {test, release, claim}) {
    one->add_option("device", arguments.device, "its name in the agent's configuration")
        ->required();
  }
}

void add_staff(CLI::App& app, Run& chosen, StaffArguments& arguments) {
  auto* const staff = app.add_subcommand("staff", "people");
  staff->require_subcommand(1);
  auto* const add = staff->add_subcommand("add", "add a person and print the PIN, this once");
  add->add_option("--site", arguments.site, "where the person works; without it: head office");
  add->add_option("--name", arguments.name, "what the person signs in with")->required();
  add->add_option("--role", arguments.role,
                  "PICKER, PACKER, RECEIVER, CASHIER, SHIFT_LEAD, STORE_MANAGER, CSR, "
                  "INVENTORY_CONTROLLER, ROUTING_ADMIN, FINANCE, INTEGRATOR, HQ_VIEWER or ADMIN")
      ->required();
  on_call(add, chosen, [&arguments](ApiSession& api) { return staff_add_command(api, arguments); });
  on_call(staff->add_subcommand("list", "all of them"), chosen, staff_list_command);
}

void add_api_key(CLI::App& app, Run& chosen, ApiKeyArguments& arguments) {
  auto* const keys = app.add_subcommand("api-key", "keys of programs that ask the hub");
  keys->require_subcommand(1);
  auto* const create = keys->add_subcommand("create", "make one and print its secret, this once");
  create->add_option("--name", arguments.name, "what the program is called")->required();
  create
      ->add_option("--scope", arguments.scopes,
                   "a permission of yours that the key shall have; may be repeated")
      ->required();
  create->add_option("--expires", arguments.expires_at,
                     "when it ends, such as 2027-06-30T00:00:00Z; without it: never");
  on_call(create, chosen,
          [&arguments](ApiSession& api) { return api_key_create_command(api, arguments); });
  on_call(keys->add_subcommand("list", "all of them, revoked ones too"), chosen,
          api_key_list_command);
  auto* const revoke = keys->add_subcommand("revoke", "make one worthless, at once");
  revoke->add_option("key", arguments.key, "its id")->required();
  on_call(revoke, chosen,
          [&arguments](ApiSession& api) { return api_key_revoke_command(api, arguments); });
}

void add_audit(CLI::App& app, Run& chosen, RunHere& chosen_here, AuditArguments& arguments) {
  auto* const audit = app.add_subcommand("audit", "who did what at the hub");
  audit->require_subcommand(1);
  auto* const list = audit->add_subcommand("list", "the latest entries");
  list->add_option("--limit", arguments.limit, "how many at most")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{500}))
      ->capture_default_str();
  on_call(list, chosen,
          [&arguments](ApiSession& api) { return audit_list_command(api, arguments); });
  auto* const verify = audit->add_subcommand("verify", "whether the trail is what was written");
  verify->add_option("--head", arguments.head,
                     "an end that this command printed before: the trail must contain it");
  verify->add_option("--data-dir", arguments.data_dir,
                     "of a hub that is stopped, instead of asking a running one");
  verify->footer("Exit status 3: an entry was changed or is missing; the first is named.");
  verify->callback([&chosen, &chosen_here, &arguments] {
    if (!arguments.data_dir.empty()) {
      chosen_here = [&arguments] { return audit_verify_offline_command(arguments); };
      return;
    }
    chosen = [&arguments](ApiSession& api) { return audit_verify_command(api, arguments); };
  });
}

void add_backup(CLI::App& app, Run& chosen) {
  auto* const backup = app.add_subcommand("backup", "second copies of the hub's database");
  backup->require_subcommand(1);
  on_call(backup->add_subcommand("now", "make one and print its name"), chosen, backup_now_command);
  auto* const list = backup->add_subcommand("list", "those that are kept");
  list->footer("Exit status 3: something about the backups should be changed; it is printed.");
  on_call(list, chosen, backup_list_command);
}

void add_decode(CLI::App& app, RunHere& chosen, DecodeArguments& arguments) {
  auto* const decode = app.add_subcommand("decode", "read the barcodes in pictures");
  decode->add_option("file", arguments.files, "PNG or JPEG pictures")->required();
  decode->add_flag("--json", arguments.json, "one line of JSON for each file, in order");
  decode->footer(
      "Needs no hub or agent. Exit status: how many of the files could not be decoded, at\n"
      "most 125; a picture without a code is decoded, too.");
  decode->callback([&] { chosen = [&arguments] { return decode_command(arguments); }; });
}

void add_receipt(CLI::App& app, RunHere& chosen, RenderArguments& arguments) {
  auto* const receipt = app.add_subcommand("receipt", "a receipt, for a printer or as a picture");
  receipt->add_option("--data", arguments.data, "the JSON file; docs/receipts.md")->required();
  auto* const form = receipt->add_option_group("form");
  bool* const png = &arguments.png;
  form->add_flag_callback("--escpos", [png] { *png = false; }, "ESC/POS, on standard output");
  form->add_flag_callback("--png", [png] { *png = true; }, "a PNG, on standard output");
  form->require_option(1);
  receipt->callback(
      [&chosen, &arguments] { chosen = [&arguments] { return receipt_command(arguments); }; });
}

void add_label(CLI::App& app, RunHere& chosen, LabelArguments& arguments) {
  auto* const label = app.add_subcommand("label", "a label, for a printer or as a picture");
  label->add_option("type", arguments.type, "what it is for")
      ->required()
      ->check(CLI::IsMember({"shelf", "bin", "tote", "parcel", "pickup", "return", "product"}));
  label->add_option("--data", arguments.data, "the JSON file; docs/labels.md")->required();
  auto* const form = label->add_option_group("form");
  using Form = LabelArguments::Form;
  Form* const wanted = &arguments.form;
  form->add_flag_callback(
      "--zpl", [wanted] { *wanted = Form::kZpl; }, "ZPL II, on standard output");
  form->add_flag_callback("--epl", [wanted] { *wanted = Form::kEpl; }, "EPL2, on standard output");
  form->add_flag_callback("--png", [wanted] { *wanted = Form::kPng; }, "a PNG, on standard output");
  form->require_option(1);
  label->callback(
      [&chosen, &arguments] { chosen = [&arguments] { return label_command(arguments); }; });
}

/// The exit status; an error is told on standard error.
int told(const Result<int>& status) {
  if (status) return *status;
  remark("cairn: {}\n", sentence(status.error().message));
  return kNotDone;
}

int run(const Login& login, const Run& command) {
  auto api = ApiSession::open(login);
  return told(api ? command(*api) : Result<int>(fail(api.error())));
}

/// CLI11 says only that a command is missing when it does not know the word that is there.
CLI::ParseError with_wrong_word(const CLI::App& app, const CLI::ParseError& error) {
  const auto words = app.remaining(true);
  const bool missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (!missing || words.empty()) return error;
  const CLI::App* group = &app;
  while (!group->get_subcommands().empty()) group = group->get_subcommands().front();
  std::vector<std::string> known;
  for (const CLI::App* command : group->get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  if (known.empty()) return error;
  const bool option = words.front().starts_with('-');
  return {
      fmt::format("there is no {} \"{}\" here; the commands are {}", option ? "option" : "command",
                  visible(words.front()), fmt::join(known, ", ")),
      CLI::ExitCodes::ExtrasError};
}

/// What CLI11 has to say about the command line: help, the version, or what is wrong with it.
int say(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = app.exit(error, out, err);
  print_text(out.str());
  remark_text(err.str());
  return status;
}

/// The exit status, once it is known whether all was printed. Who reads only the beginning of a
/// list wants no words about it: then the tool ends as other tools do, by SIGPIPE.
int finish(int status) {
  const auto printed = finish_printing();
  if (printed) return status;
  if (printed.error().reason == "no_reader") {
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_UNBLOCK, &broken_pipe, nullptr);  // Poco has blocked it
    ::raise(SIGPIPE);
  } else if (status == kDone || status == kLook) {
    remark("cairn: {}\n", printed.error().message);
  }
  return kNotDone;
}

}  // namespace
}  // namespace cairn::tool

int main(int argc, char** argv) {
  using namespace cairn::tool;  // NOLINT(google-build-using-namespace): this file is the tool
  hold_standard_streams();
  Login login;
  Run chosen;
  RunHere chosen_here;  // what needs no hub
  RenderArguments receipt;
  LabelArguments label;
  ImportArguments import;
  LogArguments log;
  FoldArguments folding;
  QuarantineArguments quarantine;
  RuleSetArguments rule_set;
  SimulateArguments simulate;
  std::string replayed;
  PromotionArguments promotion;
  OrderArguments order;
  LeaseArguments lease;
  SiteArguments site;
  NodeArguments node;
  NodeCommandArguments node_command;
  NodeConfigArguments node_config;
  StaffArguments staff;
  ApiKeyArguments api_key;
  AuditArguments audit;
  DeviceArguments device;
  DecodeArguments decode;
  Gs1Options gs1;

  CLI::App app("cairn: asks and instructs a running hub or agent");
  app.require_subcommand(1);
  app.add_option("--url", login.url, "the hub's (or an agent's) address")
      ->envname("CAIRN_URL")
      ->capture_default_str();
  app.add_option("--user", login.user, "name to sign in with")->envname("CAIRN_USER");
  app.add_option("--pin-file", login.pin_file,
                 "file whose first line is the PIN; without it the environment's CAIRN_PIN");
  app.set_version_flag("--version", std::string(cairn::program::kVersion));
  app.fallthrough();
  add_import(app, chosen, import);
  on_call(app.add_subcommand("status", "the trade and the devices at one look"), chosen,
          status_command);
  add_log(app, chosen, log, folding);
  add_sync(app, chosen, quarantine);
  on_call(app.add_subcommand("route", "offer every waiting order to the sites"), chosen,
          route_command);
  add_routing(app, chosen, rule_set, simulate, replayed);
  add_promotions(app, chosen, promotion);
  add_orders(app, chosen, order);
  auto* const stock = app.add_subcommand("stock", "what is there, and what devices may sell of it");
  stock->require_subcommand(1);
  AdjustArguments adjust;
  add_adjust(*stock, chosen, adjust);
  add_leases(*stock, chosen, lease);
  add_site(app, chosen, site);
  add_node(app, chosen, node, node_command, node_config);
  add_device(app, chosen, chosen_here, device);
  add_staff(app, chosen, staff);
  add_api_key(app, chosen, api_key);
  add_audit(app, chosen, chosen_here, audit);
  add_backup(app, chosen);
  add_decode(app, chosen_here, decode);
  add_gs1(app, chosen_here, gs1);
  add_receipt(app, chosen_here, receipt);
  add_label(app, chosen_here, label);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return finish(say(app, with_wrong_word(app, e)));
  }
  if (chosen_here) return finish(told(chosen_here()));
  const bool offline = !log.data_dir.empty();
  return finish(offline ? told(log_verify_offline_command(log.data_dir)) : run(login, chosen));
}
