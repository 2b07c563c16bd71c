internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

/// Lists what devices send.
struct StreamsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "streams", abstract: "List the streams: whose they are, how much came, and which are complete.",
    discussion: """
      A stream is what one ledger sends. It is complete once its analyst ended it (`mds ledger end`) and the end arrived: \
      no event can be missing from it. Large records travel beside the events: how many it names that are not here \
      stands before the reason; they are still to come. One that goes on under another name was parted from a copy of its \
      ledger; what it held comes there as well, and nothing came under its own name since. Any other is open, and whether \
      more will come nobody here can tell.
      """)

  @Flag(help: "Print a JSON object a line.") var json = false
  @OptionGroup var file: DatabaseOption

  func run() throws {
    let database = try file.open()
    for entry in try StreamList(database).entries() {
      try StandardOutput.write(json ? entry.json.serializedString : entry.line)
    }
    try database.close()
  }
}

extension StreamList.Entry {
  fileprivate var line: String {
    let came = receivedAt.map { "last \($0)" } ?? "nothing came"
    return [id.hex, analyst, workstation, "\(events) events", "\(archived) archived", came, standing]
      .map(StandardOutput.plain).joined(separator: "\t")
  }

  private var standing: String {
    switch state {
    case .open: "open"
    case .complete(let at, let reason):
      "complete \(at)"
        + (missingContents == 0
          ? "" : ", without \(missingContents) large record\(missingContents == 1 ? "" : "s") that it names")
        + (reason.isEmpty ? "" : ": \(reason)")
    case .goesOn(let other): "goes on as \(other.hex)"
    }
  }

  fileprivate var json: JSON {
    var members = [
      JSON.Member("stream", .text(id.hex)), JSON.Member("analyst", .text(analyst)),
      JSON.Member("workstation", .text(workstation)), JSON.Member("opened_at", .text(openedAt)),
      JSON.Member("events", .integer(Int64(events))), JSON.Member("archived", .integer(Int64(archived))),
      JSON.Member("received_at", receivedAt.map { .text($0) } ?? .null),
    ]
    switch state {
    case .open: members.append(JSON.Member("state", .text("open")))
    case .complete(let at, let reason):
      members += [
        JSON.Member("state", .text("complete")), JSON.Member("ended_at", .text(at)),
        JSON.Member("reason", .text(reason)), JSON.Member("missing_contents", .integer(Int64(missingContents))),
      ]
    case .goesOn(let other):
      members += [JSON.Member("state", .text("goes_on")), JSON.Member("as", .text(other.hex))]
    }
    return .object(members)
  }
}
