internal import ConfigurationFile
internal import Deployment
public import Domain
internal import Feedback
internal import Glibc
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Transport

/// One thing that was looked at, and how it is.
public struct Finding: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    case fine = "ok"
    case doubtful = "warn"
    case bad
  }

  public var subject: String
  public var state: State
  /// What was found; may hold foreign text.
  public var words: String
  public var advice: String

  public init(_ subject: String, _ state: State, _ words: String, advice: String = "") {
    self.subject = subject
    self.state = state
    self.words = words
    self.advice = advice
  }

  init(_ subject: String, _ problem: Problem) {
    self.init(subject, .bad, problem.summary, advice: problem.advice)
  }

  public var json: JSON {
    .object([
      "subject": .text(subject), "state": .text(state.rawValue), "words": .text(words), "advice": .text(advice),
    ])
  }
}

/// Looks at everything that work stands on.
public enum Doctor {
  /// The configuration file and what it names.
  public static func configuration(_ file: UserSettings) -> [Finding] {
    guard let settings = file.settings else {
      return [
        Finding(
          "config", .doubtful, "there is no \(file.path)",
          advice: "`mds config example` prints one to begin with; `mds demo` needs none.")
      ]
    }
    let count = settings.contexts.count
    var findings = [Finding("config", .fine, "\(file.path), \(count) \(count == 1 ? "context" : "contexts")")]
    if let theme = settings.theme {
      do throws(Problem) {
        _ = try Themes.theme(theme)
      } catch {
        findings.append(Finding("theme", error))
      }
    }
    for context in settings.contexts {
      for endpoint in [context.service] + context.otherEndpoints.map(\.endpoint) {
        findings += files(of: endpoint.located(by: file), context.name)
      }
    }
    return findings
  }

  private static func files(of endpoint: EndpointSettings, _ name: String) -> [Finding] {
    var findings: [Finding] = []
    let secret = { (path: String, what: String) in
      var status = stat()
      if stat(path, &status) != 0 {
        findings.append(Finding(what, .bad, "\(path) of \(name) is not there"))
      } else if status.st_mode & 0o077 != 0 {
        findings.append(Finding(what, .bad, "others can read \(path) of \(name)", advice: "chmod 600 \(path)"))
      }
    }
    if case .file(let path) = endpoint.token { secret(path, "token") }
    if let key = endpoint.key { secret(key, "key") }
    for path in [endpoint.authority, endpoint.certificate] {
      if let path, access(path, R_OK) != 0 {
        findings.append(Finding("certificate", .bad, "\(path) of \(name) cannot be read"))
      }
    }
    return findings
  }

  /// Under which name is saved in a context: the one that its stream was begun with, which an enrolment gives.
  public static func analyst(of context: Context) -> RawText {
    guard Files.exists(context.ledgerPath), let ledger = try? Ledger(path: context.ledgerPath) else {
      return context.analyst
    }
    defer { try? ledger.close() }
    return (try? Workspace.analyst(of: context, in: ledger)) ?? context.analyst
  }

  /// The ledger's file, its disk, and whether its newest events hold together.
  public static func ledger(of context: Context) -> [Finding] {
    let path = context.ledgerPath
    guard Files.exists(path) else {
      return [Finding("ledger", .fine, "\(path) is made when the context is first used")]
    }
    var findings: [Finding] = []
    do throws(LedgerError) {
      let ledger = try Ledger(path: path)
      let found = try ledger.statistics()
      if let bad = try ledger.firstBadLink() {
        findings.append(Finding("ledger", .bad, bad.text, advice: "`mds ledger verify` walks every chain."))
      } else {
        let size = "\(found.cases) cases, \(found.events) events, \(found.bytes) bytes"
        findings.append(Finding("ledger", .fine, "\(path), \(size)"))
      }
      if let obstacle = ledger.obstacle {
        findings.append(Finding("ledger", obstacle.problem))
      } else if found.settings["synchronous"] != "2" {
        findings.append(Finding("ledger", .bad, "it does not wait for the disk: a saved judgement may be lost"))
      }
      try ledger.close()
    } catch {
      findings.append(Finding("ledger", error.problem))
    }
    return findings + disk(Files.folder(of: Files.absolute(path)))
  }

  private static func disk(_ folder: String) -> [Finding] {
    var space = statvfs()
    guard statvfs(folder, &space) == 0 else { return [] }
    let free = (UInt64(space.f_bavail) * UInt64(space.f_frsize)) >> 20
    var findings = [
      Finding(
        "disk", free < 200 ? .doubtful : .fine, "\(free) MB free in \(folder)",
        advice: free < 200 ? "A full disk stops judgements from being saved." : "")
    ]
    if let kind = networkKind(of: folder) {
      findings.append(
        Finding(
          "disk", .doubtful, "\(folder) is on \(kind), over a network",
          advice: "SQLite needs locks that work; a local disk is safer. `ledger` in the context names another file."))
    }
    return findings
  }

  /// The file system of a folder, where it is one over a network.
  private static func networkKind(of folder: String) -> String? {
    let mounts = Files.read("/proc/self/mounts").map { String(decoding: $0, as: UTF8.self) } ?? ""
    var best: (place: Substring, kind: Substring) = ("", "")
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2, words[1].count >= best.place.count else { continue }
      let place = words[1] == "/" ? "" : words[1]
      if folder == place || folder.hasPrefix(place + "/") { best = (words[1], words[2]) }
    }
    let networks = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs"]
    return networks.contains(String(best.kind)) ? String(best.kind) : nil
  }

  /// What stands in the way. What a screen advises whoever works on one would send in a circle here.
  private static func finding(_ subject: String, _ error: DeploymentError, _ other: String = "") -> Finding {
    var problem = error.problem
    if error.isUntrusted {
      problem.advice =
        "An authority of the lab's own is named in the context: `ca`. What else is wrong only who runs the server can mend."
    } else if error.isUnreachable {
      problem.advice = "Is it started, on that port? Is the VPN up, or a tunnel?" + other
    }
    return Finding(subject, problem)
  }

  /// The way to the deployment service, step by step.
  public static func service(of context: Context) async -> [Finding] {
    let transport = Transport(configuration: context.serviceEndpoint.transport)
    var findings: [Finding] = []
    if context.serviceEndpoint.isInsecure, context.service.lowercased().hasPrefix("http://") {
      findings.append(Finding("service", .doubtful, "\(context.service) is plain http: others on the way can read it"))
    }
    do throws(DeploymentError) {
      let started = Machine.monotonicMilliseconds
      let found = try await Discovery(base: context.service, transport: transport).run()
      let milliseconds = Machine.monotonicMilliseconds - started
      findings.append(
        Finding("service", .fine, "\(found.kind.title) at \(context.service) answers in \(milliseconds) ms"))
      if case .service(let kind) = found.kind {
        findings += kindFindings(kind, context)
        let service = try InferenceService(
          base: context.service, transport: transport, options: InferenceOptions(kind: kind))
        if kind != .seldonCore2 {
          let models = try await service.models()
          let ready = models.count { $0.state == .ready }
          findings.append(Finding("models", .fine, "\(models.count) listed, \(ready) ready"))
        }
      }
    } catch {
      findings.append(finding("service", error, " `--service URL` asks at another address for once."))
    }
    findings += await controlPlane(of: context)
    if let skew = await clockSkew(context.service, transport) {
      findings.append(clock(skew, than: "the service's", advice: "Windows of drift are cut by the time of cases."))
    }
    await transport.close()
    return findings
  }

  /// How many seconds this machine's clock is ahead of another's.
  static func clock(_ skew: Int, than whose: String, advice: String) -> Finding {
    guard abs(skew) > 5 else { return Finding("clock", .fine, "within \(max(1, abs(skew))) s of \(whose)") }
    return Finding(
      "clock", .doubtful, "this machine's clock is \(abs(skew)) s \(skew > 0 ? "ahead of" : "behind") \(whose)",
      advice: advice)
  }

  private static func kindFindings(_ kind: ServiceKind, _ context: Context) -> [Finding] {
    guard let written = context.kind, written != kind, written != .openInference else { return [] }
    return [
      Finding(
        "kind", .doubtful, "the context says \(written.rawValue), and \(kind.rawValue) answers",
        advice: "Write kind = \"\(kind.rawValue)\" in [contexts.\(context.name)].")
    ]
  }

  /// What lists and measures the models beside the service.
  private static func controlPlane(of context: Context) async -> [Finding] {
    var findings: [Finding] = []
    let plane = ControlPlane(context)
    if plane.isThere {
      let answer = await plane.inventory()
      let count = answer.inventory.models.count
      if !answer.lists.isEmpty {
        findings.append(
          Finding("control plane", .fine, "\(count) models, \(answer.inventory.pipelines.count) pipelines"))
      }
      findings += answer.failures.map { finding("control plane", $0) }
    } else if context.kind == .seldonCore2, context.catalogues.isEmpty {
      findings.append(
        Finding(
          "control plane", .doubtful, "nothing lists the models of Seldon Core 2",
          advice: "`mds connect` its scheduler (port 9004) or the Kubernetes API, or write a catalogue."))
    }
    if let prometheus = context.prometheus {
      let transport = Transport(configuration: prometheus.transport)
      do throws(DeploymentError) {
        let found = try await Discovery(base: prometheus.url, transport: transport).run()
        findings.append(
          found.kind == .prometheus
            ? Finding("prometheus", .fine, "\(found.version.string) at \(prometheus.url)")
            : Finding("prometheus", .bad, "\(found.kind.title) answers at \(prometheus.url)"))
      } catch {
        findings.append(finding("prometheus", error))
      }
      await transport.close()
    }
    return findings
  }

  /// Seconds that this machine is ahead of a server, by the Date of an answer.
  private static func clockSkew(_ base: String, _ transport: Transport) async -> Int? {
    var request = HTTPRequest("GET", base.hasSuffix("/") ? base + "v2" : base + "/v2")
    request.deadline = .seconds(5)
    guard let response = try? await transport.send(request),
      let then = response.headers["date"].flatMap({ Timestamp(httpDate: $0) })
    else { return nil }
    return Int((Double(Machine.now.microseconds - then.microseconds) / 1_000_000).rounded())
  }

  private static let none = Finding(
    "collector", .fine, "none: what you save stays in the ledger",
    advice: "`mds connect URL --token-file FILE` enrols at one.")

  private static func notEnrolled(_ endpoint: CollectorEndpoint) -> Finding {
    Finding(
      "collector", .doubtful, "\(endpoint.address) does not know this device yet",
      advice: "`mds connect \(endpoint.address) --token-file FILE` enrols it.")
  }

  /// The collector, where the context or the ledger names one: whether it answers, and knows us. What stands among the
  /// `findings` of before is not told again.
  public static func collector(of context: Context, besides findings: [Finding]) async -> [Finding] {
    guard Files.exists(context.ledgerPath) else {
      return context.collector.map { [notEnrolled($0)] } ?? [none]
    }
    let workspace: Workspace
    do throws(Problem) {
      workspace = try Workspace(context)
    } catch {
      // What is wrong with the ledger stands in its own line; a catalogue may be wrong as well.
      return findings.contains { $0.words == error.summary } ? [] : [Finding("context", error)]
    }
    defer { workspace.close() }
    guard let endpoint = workspace.account?.endpoint ?? context.collector else { return [none] }
    guard workspace.hasCollector else { return [notEnrolled(endpoint)] }
    let waiting = (try? await workspace.waitingCount()) ?? 0
    let transport = Transport(configuration: endpoint.configuration)
    defer { Task { await transport.close() } }
    // What is published for us: only whoever is known gets it.
    var request = HTTPRequest("GET", endpoint.address + "/v1/inbox?limit=1")
    request.deadline = .seconds(10)
    let isReadOnly = workspace.account?.canWrite == false
    let stays = isReadOnly ? "the token only reads: \(waiting) stay here" : "\(waiting) waiting"
    let rest = waiting == 0 ? "nothing waits" : stays
    let renewal = "Ask the researchers for a new one; `mds connect` takes it."
    do throws(TransportError) {
      let response = try await transport.send(request)
      // A network's login page answers as well.
      guard response.headers["mds-collector-id"] != nil else {
        guard response.status < 500 else {
          let what = "\(endpoint.address) is busy, or what stands before it: \(response.status); \(rest)"
          return [Finding("collector", .doubtful, what, advice: "What you save is kept and sent another time.")]
        }
        return [
          Finding(
            "collector", .bad,
            "what answers at \(endpoint.address) is no collector: status \(response.status); \(rest)",
            advice: "A proxy or a login page may stand between; is the address right?")
        ]
      }
      switch response.status {
      case 200..<300:
        return await greeting(of: endpoint.address, transport, rest)
      case 401, 403:
        let what = "\(endpoint.address) does not accept the token: \(response.status); \(rest)"
        return [Finding("collector", .bad, what, advice: renewal)]
      default:
        let what = "\(endpoint.address) answers with \(response.status); \(rest)"
        return [Finding("collector", .doubtful, what, advice: "What you save is kept and sent another time.")]
      }
    } catch {
      if case .tokenUnavailable = error {
        return [
          Finding(
            "collector", .bad, "\(error.description) \(rest)",
            advice: "Check the token's file or command; `mds connect` takes another one.")
        ]
      }
      return [
        Finding(
          "collector", .doubtful, error.description,
          advice: "What you save is kept (\(waiting) waiting) and sent another time.")
      ]
    }
  }

  /// A collector that knows the token: whether it takes this mds, and whether the clocks agree.
  private static func greeting(of address: String, _ transport: Transport, _ rest: String) async -> [Finding] {
    let fine = Finding("collector", .fine, "\(address) answers, and knows the token; \(rest)")
    guard let client = try? CollectorClient(address: address, transport: transport, deadline: .seconds(10)),
      let hello = try? await client.hello()
    else { return [fine] }
    let skew = Int(Machine.now.seconds(since: hello.now).rounded())
    let clock = clock(skew, than: "the collector's", advice: "Times of what you save are this machine's.")
    guard let own = ProgramVersion(tool: Workspace.tool), let wanted = hello.wanted(insteadOf: own) else {
      return [fine] + (clock.state == .fine ? [] : [clock])
    }
    let problem = SyncFailure.outdated(own: own, wanted: wanted).problem
    return [Finding("collector", .bad, "\(problem.summary); \(rest)", advice: problem.advice)]
  }
}

extension Timestamp {
  /// Reads the date of an HTTP header: `Wed, 25 Nov 2026 16:36:04 GMT`.
  init?(httpDate text: String) {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, let month = months.firstIndex(of: String(parts[2])), parts[1].count == 2 else { return nil }
    let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
    self.init("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
  }
}
