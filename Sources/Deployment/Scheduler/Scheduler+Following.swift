internal import Domain
internal import SchedulerMessages
internal import SwiftProtobuf

extension Scheduler {
  /// The lists whose changes it tells.
  public static let followed: [ControlList] = [.models, .pipelines, .experiments, .servers]

  /// Tells what happens on a list until the scheduler ends the subscription; it begins with all that there is.
  public func follow(_ list: ControlList, _ tell: (ControlNews) -> Void) async throws(DeploymentError) {
    switch list {
    case .models:
      var request = SchedulerModelSubscriptionRequest()
      request.subscriberName = Self.subscriber
      try await follow(list, "SubscribeModelStatus", request, \SchedulerModelStatusResponse.modelName, tell)
    case .pipelines:
      var request = SchedulerPipelineSubscriptionRequest()
      request.subscriberName = Self.subscriber
      try await follow(list, "SubscribePipelineStatus", request, \SchedulerPipelineStatusResponse.pipelineName, tell)
    case .experiments:
      var request = SchedulerExperimentSubscriptionRequest()
      request.subscriberName = Self.subscriber
      try await follow(
        list, "SubscribeExperimentStatus", request, \SchedulerExperimentStatusResponse.experimentName, tell)
    case .servers:
      var request = SchedulerServerSubscriptionRequest()
      request.subscriberName = Self.subscriber
      try await follow(list, "SubscribeServerStatus", request, \SchedulerServerStatusResponse.serverName, tell)
    case .runtimes, .scales, .version: return
    }
  }

  private func follow<Answer: SwiftProtobuf.Message>(
    _ list: ControlList, _ method: String, _ request: some SwiftProtobuf.Message, _ name: KeyPath<Answer, String>,
    _ tell: (ControlNews) -> Void
  ) async throws(DeploymentError) {
    var watch = try await GRPCWatch<Answer>(channel, .scheduler(list), Self.service + method, request)
    tell(.began)
    while let answer = try await watch.next() { tell(.changed(RawText(answer[keyPath: name]))) }
  }
}
