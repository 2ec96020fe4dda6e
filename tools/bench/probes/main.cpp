// cairn-bench-probe: the parts of cairn-bench that must be C++. Each measures something of Cairn in
// turns with the least it could take, and prints what it found as JSON lines, one for each round.

#include "tools/bench/probes/atp_probe.h"
#include "tools/bench/probes/backlog.h"
#include "tools/bench/probes/catalogue_probe.h"
#include "tools/bench/probes/codec_probe.h"
#include "tools/bench/probes/commit_probe.h"
#include "tools/bench/probes/decode_probe.h"
#include "tools/bench/probes/ingest_probe.h"
#include "tools/bench/probes/order_probe.h"
#include "tools/bench/probes/routing_probe.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

int main(int argc, char** argv) {
  CLI::App app("Measures parts of Cairn; cairn-bench runs it.", "cairn-bench-probe");
  app.require_subcommand(1);
  std::string folder;
  std::string node;
  std::string site;
  std::uint64_t rounds = 5;
  std::uint64_t events = 100'000;
  std::uint64_t frames = 50;
  std::uint64_t cells = 20'000'000;
  std::uint64_t orders = 1000;

  auto* const commit = app.add_subcommand("commit", "durable commits at a site");
  auto* const codec = app.add_subcommand("codec", "records and frames");
  auto* const ingest = app.add_subcommand("ingest", "what a hub takes");
  auto* const backlog = app.add_subcommand("backlog", "makes a data directory full of records");
  auto* const catalogue = app.add_subcommand("catalogue", "a catalogue by the barest means");
  auto* const floor = app.add_subcommand("floor", "a program that only opens a database");
  auto* const atp = app.add_subcommand("atp", "what can be promised of an article");
  atp->add_option("--cells", cells, "sites with an article");
  auto* const decode = app.add_subcommand("decode", "barcodes in drawn pictures");
  decode->add_option("decoder", folder, "the program cairn-decode")->required();
  auto* const routing = app.add_subcommand("routing", "orders routed at the least cost");
  routing->add_option("--orders", orders, "orders of each shape");
  auto* const taken = app.add_subcommand("orders", "orders captured and routed");
  auto* const trade = app.add_subcommand("order-trade", "articles and stock for order-load");
  auto* const load = app.add_subcommand("order-load", "orders by HTTP at a running hub");
  std::string token;
  std::uint64_t connections = 16;
  load->add_option("url", folder, "the hub's")->required();
  load->add_option("token", token, "of somebody who may")->required();
  load->add_option("--connections", connections, "at a time");
  decode->add_option("--frames", frames, "pictures of each kind");
  for (auto* const on_disk : {commit, ingest, backlog, catalogue, floor, atp, taken, trade}) {
    on_disk->add_option("folder", folder, "where the databases go")->required();
  }
  for (auto* const probe : {commit, codec, ingest, catalogue, decode, atp, routing, taken, load})
    probe->add_option("--rounds", rounds);
  for (auto* const probe : {ingest, backlog, catalogue}) probe->add_option("--events", events);
  backlog->add_option("--node", node)->required();
  backlog->add_option("--site", site)->required();
  CLI11_PARSE(app, argc, argv);

  if (commit->parsed()) cairn::bench::commit_probe(folder, rounds);
  if (atp->parsed()) cairn::bench::atp_probe(folder, rounds, cells);
  if (codec->parsed()) cairn::bench::codec_probe(rounds);
  if (decode->parsed()) cairn::bench::decode_probe(folder, rounds, frames);
  if (routing->parsed()) cairn::bench::routing_probe(rounds, orders);
  if (taken->parsed()) cairn::bench::order_probe(folder, rounds);
  if (trade->parsed()) cairn::bench::order_trade(folder);
  if (load->parsed()) cairn::bench::order_load(folder, token, rounds, connections);
  if (ingest->parsed()) cairn::bench::ingest_probe(folder, rounds, events);
  if (backlog->parsed()) cairn::bench::make_backlog(folder, node, site, events);
  if (catalogue->parsed()) cairn::bench::catalogue_probe(folder, rounds, events);
  if (floor->parsed()) cairn::bench::floor_probe(folder);
  return 0;
}
