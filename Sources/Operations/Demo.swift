internal import Deployment
public import Domain
internal import Glibc
internal import Ledger
internal import Transport
public import Workbench

/// The demonstration: both servers on this machine, a private folder, shipped records scored by the live service.
public final class Demo: Sendable {
  public let context: Context
  private let folder: String
  private let children: [Child]
  /// The invented colleagues, and how each reaches the collector.
  let analysts: DemoAnalysts
  let colleagues: [RawText: CollectorEndpoint]

  /// Starts the service (and the collector where it is installed) in a folder of its own.
  public init() throws(Problem) {
    let root = Machine.environment("XDG_RUNTIME_DIR") ?? Machine.environment("TMPDIR") ?? "/tmp"
    Demo.removeStale(in: root)
    let folder = "\(root)/mds-demo-\(getpid())"
    guard mkdir(folder, 0o700) == 0 else {
      throw Problem("The folder \(folder) cannot be made", detail: String(cString: strerror(errno)))
    }
    self.folder = folder
    let service = try Demo.program("mds-service")
    let models = try Demo.data("models")
    var children: [Child] = []
    do throws(Problem) {
      analysts = try DemoAnalysts(Files.contents(of: try Demo.data("records") + "/judgements.jsonl"))
      let started = try Child.start(
        service, ["--port", "0", "--models", models, "--stdin-closes"], deadline: 30_000)
      children.append(started.child)
      guard let url = started.ready["url"]?.string else { throw Problem("mds-service did not say where it listens") }
      context = Context(
        name: "demo", service: url, analyst: Context.localAnalyst, ledgerPath: folder + "/ledger.sqlite")
      let collector = try Demo.startCollector(for: context, with: analysts.names, in: folder)
      children.append(collector.child)
      colleagues = collector.colleagues
    } catch {
      for child in children { child.stop() }
      Files.removeTree(folder)
      throw error
    }
    self.children = children
  }

  /// Starts the researchers' side with a token for this analyst and each colleague, and enrols the new ledger at it.
  private static func startCollector(
    for context: Context, with names: [RawText], in folder: String
  ) throws(Problem) -> (child: Child, colleagues: [RawText: CollectorEndpoint]) {
    let analyst = "\(Machine.user)@demo"
    let started = try Child.start(
      try program("mds-collector"),
      ["serve", "--port", "0", "--database", folder + "/collector.sqlite", "--stdin-closes"]
        + ([analyst] + names.map(\.string)).flatMap { ["--demo-analyst", $0] }, deadline: 30_000)
    var colleagues: [RawText: CollectorEndpoint] = [:]
    do throws(Problem) {
      guard let url = started.ready["url"]?.string, let collectorID = started.ready["collector_id"]?.text,
        let token = started.ready["tokens"]?[RawText(analyst)]?.string
      else { throw Problem("mds-collector did not say where it listens") }
      let tokenFile = folder + "/token"
      try Files.write(Array(token.utf8), to: tokenFile)
      let account = CollectorAccount(
        endpoint: CollectorEndpoint(address: url, token: .file(path: tokenFile)), collectorID: collectorID,
        analyst: RawText(analyst), device: "demo")
      do throws(LedgerError) {
        let ledger = try Ledger(path: context.ledgerPath)
        try account.keep(in: ledger, context: RawText(context.name))
        try ledger.close()
      } catch {
        throw error.problem
      }
      for (number, name) in names.enumerated() {
        guard let token = started.ready["tokens"]?[name]?.string else { continue }
        let file = "\(folder)/token-\(number)"
        try Files.write(Array(token.utf8), to: file)
        colleagues[name] = CollectorEndpoint(address: url, token: .file(path: file))
      }
    } catch {
      started.child.stop()
      throw error
    }
    return (started.child, colleagues)
  }

  /// Ends the servers and removes the folder.
  public func close() {
    for child in children { child.stop() }
    Files.removeTree(folder)
  }

  /// A server beside this program, in the build beside it, or in PREFIX/libexec/mds.
  static func program(_ name: String) throws(Problem) -> String {
    let own = Files.folder(of: Files.executable)
    var places = [own, Files.folder(of: own) + "/libexec/mds"]
    // In a working copy: .build/<triple>/<configuration>/mds beside Servers/.build/<triple>/<configuration>.
    let parts = own.split(separator: "/")
    if let build = parts.lastIndex(of: ".build") {
      places.append("/" + (parts[..<build] + ["Servers"] + parts[build...]).joined(separator: "/"))
    }
    for place in places where access(place + "/" + name, X_OK) == 0 { return place + "/" + name }
    throw Problem(
      "\(name) was not found", advice: "`make` builds it, `make install` puts it in libexec/mds.",
      detail: places.joined(separator: "\n"))
  }

  /// Shipped models or records: in PREFIX/share/mds, or in the fixtures of a working copy.
  static func data(_ name: String) throws(Problem) -> String {
    var folder = Files.folder(of: Files.executable)
    while folder != "/" {
      for place in ["\(folder)/share/mds/\(name)", "\(folder)/fixtures/\(name)"] where Files.exists(place) {
        return place
      }
      folder = Files.folder(of: folder)
    }
    throw Problem("The shipped \(name) were not found", advice: "They belong in PREFIX/share/mds.")
  }

  /// Folders of demonstrations whose process is gone.
  private static func removeStale(in root: String) {
    guard let directory = opendir(root) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix("mds-demo-"), let process = pid_t(name.dropFirst(9)), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      Files.removeTree(root + "/" + name)
    }
  }

  /// Scores the shipped records as cases of the last days, model by model, compares their windows, and lets the
  /// colleagues say what they think.
  public func seed(_ workspace: Workspace, _ post: @escaping @Sendable (Action) -> Void) async {
    do throws(Problem) {
      let folder = try Demo.data("records")
      var cases: [Case] = []
      let groups = try await workspace.models()
      for group in groups where group.model.state == .ready {
        let path = "\(folder)/\(group.id.name.string).jsonl"
        guard Files.exists(path) else { continue }
        post(.models(.prepared("preparing \(group.id.name.string)…")))
        cases += try await Demo.seed(workspace, group, Files.contents(of: path))
        post(.models(.learned(try await workspace.facts())))
      }
      for group in groups where !group.driftDetectors.isEmpty {
        post(.models(.prepared("comparing \(group.id.name.string)…")))
        if let problem = try await workspace.drift(of: group.id, width: .sixHours).problem { throw problem }
        post(.models(.learned(try await workspace.facts())))
      }
      post(.models(.prepared("colleagues judge…")))
      try await introduceColleagues(to: workspace, about: cases)
      post(.models(.learned(try await workspace.facts())))
    } catch {
      post(.failed(error))
    }
    post(.models(.prepared(nil)))
  }

  private static func seed(
    _ workspace: Workspace, _ group: ModelGroup, _ bytes: [UInt8]
  ) async throws(Problem) -> [Case] {
    let description = try await workspace.description(of: group.id)
    let now = Machine.now
    var records: [Record] = []
    var times: [Timestamp] = []
    var sources: [RawText] = []
    for (index, line) in CSV.lines(bytes).enumerated() where !line.isEmpty {
      guard let json = try? JSON(parsing: line.bytes), let inputs = json["inputs"]?.members else {
        throw Problem("line \(index + 1) of the shipped \(group.id.name.string) records is no JSON")
      }
      let row = Dictionary(inputs.map { ($0.key, $0.value.typed) }) { first, _ in first }
      let cells = FileRow.Cells(values: row, sourceID: "")
      let values = try InputFile.values(cells, description.signature, row: index + 1)
      records.append(try description.signature.record(of: values))
      times.append(now.advanced(bySeconds: -3600 * (json["hours_ago"]?.number ?? 0)))
      sources.append(json["id"]?.text ?? "")
    }
    var cases = try await workspace.score(records, model: group.id, at: times, sourceIDs: sources)
    if let detector = group.outlierDetectors.first {
      let scored = try await workspace.outliers(of: cases.map(\.record), detector: detector)
      for (index, outlier) in scored.enumerated() where index < cases.count { cases[index].outlier = outlier }
      let kept = cases
      let (name, service) = (workspace.contextName, workspace.serviceName)
      try await workspace.onLedger { ledger throws(LedgerError) in
        _ = try ledger.store(kept, service: service, context: name)
      }
    }
    return cases
  }
}
