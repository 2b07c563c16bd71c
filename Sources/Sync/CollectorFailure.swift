public import Domain
public import SyncProtocol

/// Why the collector gave no answer to use.
public enum CollectorFailure: Error, Hashable, Sendable {
  /// It answered with a status of 400 or above.
  case refused(status: Int, Refusal)
  /// No usable answer came.
  case unanswered(SyncFailure)
  /// Nothing was sent: the address or the settings cannot be used.
  case unusable(String)
  /// There is no token to show, or its file is not private.
  case noToken(String)
  case cancelled

  /// Milliseconds after which it may be tried again; nil where a person has to act.
  public var pause: Int? {
    switch self {
    case .refused(408, let refusal), .refused(429, let refusal), .refused(500...599, let refusal):
      min(max(refusal.retryAfter ?? 5000, 1000), Backoff.longestWish)
    case .unanswered: 30_000
    case .refused, .unusable, .noToken, .cancelled: nil
    }
  }

  /// The failure as a person reads it.
  public var problem: Problem {
    switch self {
    case .refused(401, _): SyncStop.unauthorized.problem
    case .refused(403, let refusal): SyncStop.forbidden(refusal).problem
    case .refused(429, let refusal): SyncFailure.busy(status: 429, refusal.words).problem
    case .refused(let status, let refusal): SyncStop.refused(status: status, refusal).problem
    case .unanswered(let failure): failure.problem
    case .unusable(let reason): SyncStop.unusable(reason).problem
    case .noToken(let reason): SyncStop.noToken(reason).problem
    case .cancelled: Problem("Syncing was stopped")
    }
  }
}

extension SyncFailure {
  /// The failure as a person reads it.
  public var problem: Problem {
    let advice = "What you save is kept here and sent when it answers."
    return switch self {
    case .unreachable(let reason): Problem("no answer from the collector", advice: advice, detail: reason)
    case .untrusted(let reason):
      Problem(
        "the collector's certificate is not trusted", advice: advice + " Tell the researchers.", detail: reason)
    case .timeout: Problem("the collector did not answer in time", advice: advice)
    case .portal:
      Problem(
        "something else answers in the collector's place", advice: "Is there a login page of the network in between?")
    case .garbled(let reason): Problem("the collector's answer cannot be read", advice: advice, detail: reason)
    case .busy(let status, let words): Problem("the collector is busy: \(status)", advice: advice, detail: words)
    case .outdated(let own, let wanted):
      Problem(
        "the collector asks for mds \(wanted) or newer; this is \(own)",
        advice: "Update mds. What you save is kept here and sent by the newer one.")
    }
  }
}

extension SyncStop {
  /// Why syncing stopped, and what helps.
  public var problem: Problem {
    switch self {
    case .unauthorized:
      Problem("the collector does not know your token", advice: "Ask the researchers for a new one, then mds connect.")
    case .noToken(let reason):
      Problem(
        "There is no token for the collector", advice: "Put it into a file that only you can read: chmod 600.",
        detail: reason)
    case .unusable(let reason):
      Problem(
        "The collector cannot be asked",
        advice: "mds connect URL writes anew how it is reached, with --ca-file, --certificate and --key as it wants.",
        detail: reason)
    case .forbidden(let refusal):
      Problem(
        "the collector does not let you send this", advice: "The token may be another analyst's, or for reading only.",
        detail: refusal.words)
    case .otherCollector(let found):
      Problem(
        "another collector answers at this address", advice: "If it was meant to change, use mds connect.",
        detail: found)
    case .protocolVersion(let versions):
      Problem(
        "the collector speaks another version of the protocol", advice: "Update mds or the collector.",
        detail: versions.map(String.init).joined(separator: ", "))
    case .epochWentBack(let from, let to):
      Problem(
        "the collector runs on an old copy of its data", advice: "Tell the researchers: it must be restored properly.",
        detail: "epoch \(from), then \(to)")
    case .refused(let status, let refusal):
      Problem("the collector refuses: \(status)", advice: "Its own words say why.", detail: refusal.words)
    }
  }
}

extension Refusal {
  /// Its word and its sentence.
  public var words: String { [error.string, detail.string].filter { !$0.isEmpty }.joined(separator: ": ") }
}
