// `make bench`: measures what the workbench promises and prints one table. Ends with 1 where a budget is not kept.
// With words as arguments, only the parts of these names.
import Glibc

func measure(_ names: some Collection<String>) async -> Int {
  let parts: [(name: String, measure: () async throws -> [Entry])] = [
    ("start", { try await Start.rows() }),
    ("line", { try await Line.rows() }),
    ("peers", { try await Peers.rows() }),
    ("keys", { try Keys.rows() }),
    ("tensors", { try Tensors.rows() }),
    ("inference", { try await Programs.withService { url in try await Inference.rows(url) } }),
    ("saving", { try await Saving.rows() }),
    ("ledger", { try await Ledgers.rows() }),
    ("search", { try await Searches.rows() }),
    ("feedback", { try await Reports.rows() }),
    ("servers", { try await Servers.rows() }),
    ("sync", { try await Synchrony.rows() }),
    ("export", { try await Exports.rows() }),
    ("postgresql", { try await SynchronyOnPostgres.rows() }),
  ]
  var table = Table()
  Table.show("what", "measured", "budget", "")
  for part in parts where names.isEmpty || names.contains(part.name) { await table.add(part.name, part.measure) }
  return table.over
}

let over = await measure(CommandLine.arguments.dropFirst())
print(over == 0 ? "Every budget is kept." : "\(over) over budget.")
exit(over == 0 ? 0 : 1)
