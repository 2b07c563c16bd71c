internal import Domain
internal import Transport

/// The words for what a control plane refuses.
extension DeploymentError {
  /// Which port is which: the mistake that is made most.
  static let ports = "Port 9004 is the scheduler's plaintext port (http), 9044 its mutual TLS one (https)."

  func summary(_ failure: GRPCFailure) -> String {
    switch failure {
    case .status(.unauthenticated, _): return "The scheduler wants to know who you are (UNAUTHENTICATED)."
    case .status(.permissionDenied, _): return "The scheduler does not let you \(task) (PERMISSION_DENIED)."
    case .status(.unimplemented, _): return "What answers has no such call: it is no Seldon scheduler (UNIMPLEMENTED)."
    case .status(.unavailable, _): return "The scheduler is not ready to \(task) (UNAVAILABLE)."
    case .status(.deadlineExceeded, _): return "The scheduler took too long to \(task) (DEADLINE_EXCEEDED)."
    case .status(let status, _): return "The scheduler could not \(task) (\(status.name))."
    case .notGRPC(let status, let type):
      return "What answers is no scheduler: HTTP \(status) \(type.isEmpty ? "without a type" : type.string)."
    case .compressed: return "The scheduler's answer is compressed, which was not asked for."
    case .tooLarge(let count, let limit):
      return "A message of the scheduler's has \(count) bytes, over the limit of \(limit)."
    case .cutOff: return "The scheduler's answer ended inside a message."
    case .noStatus: return "The scheduler's answer ended without a status: something on the way cut it off."
    case .unreadable(let reason): return "The scheduler's answer cannot be read: \(reason)."
    }
  }

  func advice(_ failure: GRPCFailure) -> String {
    switch failure {
    case .status(.unauthenticated, _), .status(.permissionDenied, _):
      return "Give the context's scheduler a token or a client certificate. " + Self.ports
    case .status(.unimplemented, _), .notGRPC: return Self.ports + " Envoy's and a model server's ports list nothing."
    case .status(.unavailable, _), .status(.deadlineExceeded, _): return "It may be starting: ask again in a moment."
    case .status: return "The detail has its own words; its log says more."
    case .compressed, .tooLarge, .unreadable:
      return "A proxy on the way, or another version of the scheduler, may do this."
    case .cutOff, .noStatus: return "Ask again; a proxy on the way must pass HTTP/2 with its trailers."
    }
  }

  /// What helps where a control plane cannot be reached; nil where the general advice is as good.
  func controlAdvice(_ error: TransportError) -> String? {
    guard case .scheduler = operation else { return nil }
    switch error {
    case .refused, .tlsFailed, .connectionLost, .protocolError, .timedOut: return Self.ports
    default: return nil
    }
  }

  /// What a bare HTTP status of the Kubernetes API means; nil where it is another's.
  func controlSummary(_ status: Int) -> String? {
    guard case .kubernetes(_, let namespace) = operation else { return nil }
    return summary(KubernetesStatus(code: status, namespace: namespace))
  }

  private func place(_ namespace: RawText) -> String {
    namespace.isEmpty ? "in all namespaces" : "in namespace \(namespace.string)"
  }

  func summary(_ status: KubernetesStatus) -> String {
    guard case .kubernetes(let list, let namespace) = operation else { return status.message.string }
    switch status.code {
    case 401: return "The Kubernetes API wants to know who you are: 401."
    case 403: return "You may not list \(list.words) \(place(namespace)): 403."
    case 404: return "The Kubernetes API knows no \(list.words): 404."
    case 410: return "The Kubernetes API's list went stale while it was read: 410."
    case 429, 503: return "The Kubernetes API is too busy to \(task): \(status.code)."
    default: return "The Kubernetes API could not \(task): \(status.code)."
    }
  }

  func advice(_ status: KubernetesStatus) -> String {
    guard case .kubernetes(let list, _) = operation else { return "" }
    switch status.code {
    case 401: return "Check the token or the client certificate of the context's kubernetes endpoint; tokens expire."
    case 403:
      return "The role needs get, list, watch on \(KubernetesResource(list).plural).\(KubernetesResource(list).group)."
    case 404: return "Is Seldon Core 2 installed there? `kubernetes` is the API server's address, without a path."
    case 410, 429, 503: return "Ask again in a moment."
    default: return "The detail has its own words."
    }
  }
}

extension GRPCFailure {
  var kind: Problem.Kind {
    switch self {
    case .status(.unavailable, _), .status(.deadlineExceeded, _), .cutOff, .noStatus: .unreachable
    case .status, .notGRPC, .compressed, .tooLarge, .unreadable: .failure
    }
  }
}
