internal import Alibi
public import Domain
internal import OpenInference
internal import Transport

extension DeploymentError {
  /// The error as a person reads it: what happened, what helps, and the other side's words.
  public var problem: Problem {
    var problem = Problem(summary, advice: advice, detail: detail, kind: kind)
    if case .status(let status, let message) = reason {
      problem.said = message.string
      problem.isBusy = status == 503 || status == 429
    }
    return problem
  }

  private var kind: Problem.Kind {
    if isUnreachable { return .unreachable }
    switch reason {
    case .call(let failure): return failure.kind
    case .status(502, _), .status(503, _), .status(504, _): return .unreachable
    case .status(400, _), .status(413, _), .status(422, _), .invalid, .unsendable, .lossy, .mixedRecords, .noRecords:
      return .invalidInput
    case .transport, .status, .unreadable, .unexpected, .rowCount, .gathering, .interrupted, .unrecognized, .refused,
      .query:
      return .failure
    }
  }

  /// A word of the model with its version.
  private static func name(_ model: ModelID) -> String {
    model.version.map { "\(model.name.string) v\($0.string)" } ?? model.name.string
  }

  var model: String {
    switch operation {
    case .scheduler: "the scheduler"
    case .metrics: "Prometheus"
    case .kubernetes: "the Kubernetes API"
    case .connect, .serverMetadata, .list: "the service"
    case .metadata(let id), .ready(let id), .infer(let id), .stream(let id), .explain(let id), .drift(let id),
      .outlier(let id):
      DeploymentError.name(id)
    case .load(let name), .unload(let name): name.string
    }
  }

  private var isAsk: Bool {
    switch operation {
    case .infer, .stream, .explain, .drift, .outlier: true
    case .connect, .serverMetadata, .list, .metadata, .ready, .load, .unload, .scheduler, .kubernetes, .metrics:
      false
    }
  }

  /// Whether what came is for a browser.
  private var isPage: Bool { exchange?.contentType.lowercased().contains("html") == true }

  private var isInfer: Bool {
    if case .infer = operation { true } else { false }
  }

  /// What was tried, after "could not".
  var task: String {
    switch operation {
    case .connect: "reach the service"
    case .metrics: "read the metrics"
    case .serverMetadata: "read what the service is"
    case .list: "list the models"
    case .metadata: "read the metadata of \(model)"
    case .ready: "read the state of \(model)"
    case .load: "load \(model)"
    case .unload: "unload \(model)"
    case .infer, .stream: "get an answer from \(model)"
    case .explain: "get an explanation from \(model)"
    case .drift: "get a drift answer from \(model)"
    case .outlier: "get an outlier score from \(model)"
    case .scheduler(.version): "read what the scheduler is"
    case .scheduler(let list), .kubernetes(let list, _): "list the \(list.words)"
    }
  }

  private var summary: String {
    switch reason {
    case .transport(let error): return error.description
    case .status(let status, let message):
      if let step = failedStep(message) { return "Step \(step) of \(model) could not use the input: \(status)." }
      return summary(status)
    case .invalid(let problems):
      let rest = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
      return "The input does not fit \(model): \(problems.first?.text ?? "")\(rest). Nothing was sent."
    case .unsendable(let error): return "The input cannot be sent to \(model): \(error)."
    case .lossy(let input, let value):
      return "\(input.string) \(value) would arrive as another number: pipelines carry doubles. Nothing was sent."
    case .unreadable where isPage: return "A web page came in place of the answer of \(model)."
    case .unreadable(let error): return "The answer of \(model) cannot be read: \(error)."
    case .unexpected(let error): return "The answer of \(model) is not what was asked for: \(error.text)."
    case .rowCount(0, _): return "\(model) answered without an output."
    case .rowCount(let count, let expected): return "\(model) answered \(count) rows where \(expected) were sent."
    case .mixedRecords:
      return "The records have tensors of different shapes and cannot be sent together. Nothing was sent."
    case .noRecords: return "There is no record to send."
    case .gathering: return "\(model) gathers more rows before it answers."
    case .interrupted(let pieces, let interruption): return summary(interruption, after: pieces)
    case .query(.refused(let type, let words)): return "Prometheus refused the query: \(type.string), \(words.string)."
    case .query(.foreign): return "What answers is no Prometheus."
    case .query(.unexpected(let what)): return "The answer of Prometheus cannot be read: \(what)."
    case .unrecognized(.grpc): return "A gRPC server answers there, and mds speaks the REST protocol."
    case .unrecognized(.metrics): return "Only metrics are served there."
    case .unrecognized(.busy): return "What answers there takes no more requests for now: 429."
    case .unrecognized(.other):
      return "\(isPage ? "A web page" : "Something") answers there that is no service mds knows."
    case .call(let failure): return summary(failure)
    case .refused(let status): return summary(status)
    }
  }

  /// The step of a pipeline that its gateway names in front of the step's own words.
  private func failedStep(_ message: RawText) -> String? {
    guard case .infer(let id) = operation, Pipelines.isPipeline(id.name) else { return nil }
    return Pipelines.failedStep(in: message)
  }

  private func summary(_ interruption: Interruption, after pieces: Int) -> String {
    let after = pieces == 0 ? "" : " after \(pieces == 1 ? "1 piece" : "\(pieces) pieces")"
    return switch interruption {
    case .transport(let error): "The answer of \(model) broke off\(after). \(error.description)"
    case .failed(let words): "\(model) answered 200 and failed\(after): \(words.string)"
    case .unreadable(let error): "The answer of \(model) cannot be read\(after): \(error)."
    case .unfinished: "The answer of \(model) ended\(after) in the middle of the next."
    }
  }

  private func summary(_ status: Int) -> String {
    if let words = controlSummary(status) { return words }
    switch status {
    case 401: return "The service wants to know who you are: 401."
    case 403: return "The service does not let you \(task): 403."
    case 404: return model == "the service" ? "The service has no such path: 404." : "The service has no \(model): 404."
    case 408, 504: return "\(model) took too long for the service: \(status), not retried."
    case 413: return "The input is too large for the service: 413."
    case 424: return "\(model) is not ready: 424."
    case 501 where isAsk: return "The service does not answer this way for \(model): 501."
    case 429, 503: return "The service is too busy to \(task): \(status), not retried."
    case 300...399: return "The service points elsewhere: \(status). Redirects are not followed."
    case 500 where isPage: return "A web page came in place of the answer of \(model): \(status), not retried."
    case 400...499, 500:
      return isAsk
        ? "The service could not use the input: \(status), not retried."
        : "The service could not \(task): \(status), not retried."
    default: return "The service failed to \(task): \(status), not retried."
    }
  }

  private var advice: String {
    switch reason {
    case .transport(let error): return controlAdvice(error) ?? advice(error)
    case .status(401, _) where operation == .connect, .status(403, _) where operation == .connect:
      return "Name a file with the token by --token-file, or a command that prints it by --token-command."
    case .status(let status, _): return advice(status)
    case .invalid: return "Correct the input; the signature shows what is needed."
    case .query(.foreign): return "Check the context's prometheus address; its path belongs to it."
    case .query: return "The rest of the screen does without it."
    case .interrupted(let pieces, let interruption):
      if case .transport(.tooLarge) = interruption { return "What came before stays. Ask for a shorter answer." }
      let kept = pieces == 0 ? "" : "What came before stays. "
      return kept + "It is no whole answer, and makes no case; the service may still work on it."
    case .unsendable: return "Use a service that takes binary tensors, or another datatype."
    case .lossy: return "Ask the model itself, not its pipeline, or send numbers within ±2^53."
    case .unreadable where isPage:
      return "A proxy or a login page may stand before the service. Check the context's address; `mds doctor` tries it."
    case .unreadable(let error) where error.isLimit:
      return "That much is not read, so that one answer cannot fill the memory. Ask for fewer rows at a time."
    case .unreadable, .unexpected, .rowCount: return "The request may have been fine; the detail shows what came back."
    case .mixedRecords: return "Send records of one model's signature at a time."
    case .noRecords: return "Choose at least one."
    case .unrecognized(.grpc):
      return "MLServer's REST port is 8080, Triton's 8000, the scheduler of Seldon Core 2 9004."
    case .unrecognized(.metrics): return "The models answer on another port: MLServer's is 8080, Triton's 8000."
    case .unrecognized(.busy(let seconds)):
      return seconds.map { "Come again in \($0) s." } ?? "Wait a moment, then come again."
    case .unrecognized(.other):
      return "MLServer, Triton, KServe, Seldon Core 1 and 2, Prometheus, Kubernetes and a collector are known."
    case .gathering: return "It answers once its batch is full; the rows that were sent count."
    case .call(let failure): return advice(failure)
    case .refused(let status): return advice(status)
    }
  }

  private func advice(_ status: Int) -> String {
    if case .kubernetes = operation { return advice(KubernetesStatus(code: status)) }
    switch status {
    case 401, 403: return "Check the context's token; `mds doctor` tries it."
    case 404: return "It may have been unloaded or renamed; list the models anew."
    case 408, 504: return "The work may still go on there. Send less at a time, or ask for a longer limit there."
    case 413: return "Send fewer rows at a time."
    case 501 where isInfer:
      return "A model that answers in pieces wants to be asked for them: `mds generate \(model)`, or s in its form."
    case 424, 429, 503: return "Wait a moment, then send it again."
    case 500 where isPage:
      return "It is not the model's own word. The same request may pass later; the service's log says more."
    case 500 where isAsk: return "Servers answer 500 to many input mistakes; the same request would fail again."
    case 300...399: return "Write the address in the context as the service's answer names it."
    case 400...499: return "The service's own words say what it wants."
    default: return "The same request may fail again; the service's log says more."
    }
  }

  private func advice(_ error: TransportError) -> String {
    switch error {
    case .timedOut(.sending, _, _), .timedOut(.answering, _, _), .timedOut(.receiving, _, _):
      return "Waiting was stopped here; the service may still work on it."
    case .cannotResolve, .refused, .unreachable, .timedOut, .connectionLost:
      return "What is in the ledger is here without it. `mds doctor` tries each step of the way."
    case .insecure: return "Plain http off this machine can be read by others on the way."
    case .invalidURL, .misconfigured:
      return "Correct what the command or the context says of it; `mds config show` prints the contexts."
    case .tlsUntrusted, .tlsFailed:
      return "An authority of the lab's own is named by --ca-file, or `ca` in the context. What else is wrong "
        + "only who runs the server can mend."
    case .tokenUnavailable: return "Check the context's token file or command."
    case .tooLarge: return "Ask for fewer rows at a time."
    case .cancelled: return "The service may still work on it: it does not learn of it."
    case .invalidRequest, .protocolError, .bodyUnavailable, .exhausted, .closed: return ""
    }
  }

  /// The request line, the answer's line, and the other side's words as they came.
  private var detail: String {
    var lines: [String] = []
    if let exchange {
      var line = "\(exchange.method) …\(exchange.path)"
      if let milliseconds = exchange.milliseconds { line += ", \(Int(milliseconds.rounded())) ms" }
      lines.append(line)
      if let status = exchange.status {
        line = "HTTP \(status)"
        if !exchange.contentType.isEmpty { line += " \(exchange.contentType)" }
        line += ", \(exchange.size) bytes"
        if !exchange.requestID.isEmpty { line += ", request \(exchange.requestID)" }
        lines.append(line)
      } else if !exchange.requestID.isEmpty {
        lines.append("request \(exchange.requestID)")
      }
      if !exchange.body.isEmpty { lines.append(exchange.body.string) }
    }
    if case .invalid(let problems) = reason { lines += problems.map(\.text) }
    return lines.joined(separator: "\n")
  }
}
