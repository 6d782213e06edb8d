package org.firstlight.reference;

import java.util.Arrays;
import java.util.List;
import org.firstlight.fleet.failure.FailureCode;

/** {@code docs/reference.md}, made from the code. */
final class ReferencePage {
  private ReferencePage() {}

  static String text() {
    return """
        # Reference

        Made from the code by `ReferencePageTest`, which fails when this page is stale. To write it anew:
        `mvn -pl integration-tests -am test -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dfirstlight.update`

        ## Configuration

        One YAML file. A key that is not here is refused with its line; `./firstlight check-config FILE` says so
        without starting anything. Relative paths count from the file's own folder. How to use it:
        [operations](operations.md).

        %s
        ## Failures

        One vocabulary for the API (`code` of a problem), the log, metrics and devices. *Retry*: whether the same
        request may succeed later without anyone changing anything; to a device that is 5.03 with Max-Age.

        %s
        ## Metrics

        At `/metrics`, for Prometheus; times in seconds. Beside these, Micrometer's `jvm_*`, `process_*` and
        `system_*`. No tag holds an endpoint name, an address or anything else that a device chooses.

        %s
        ## Events

        `type` of an event at `GET /api/v1/events`. An event that concerns a device carries its `endpointName`, and
        its owner's `tenant` once it is claimed.

        %s"""
        .formatted(
            Markdown.table(List.of("key", "type", "default", "meaning"), ConfigurationKeys.rows()),
            Markdown.table(
                List.of("code", "CoAP", "HTTP", "retry", "log level", "metric tag `failure`"),
                Arrays.stream(FailureCode.values()).map(ReferencePage::row).toList()),
            Markdown.table(List.of("series", "tags", "meaning"), MetricNames.rows()),
            Markdown.table(List.of("type", "meaning"), EventTypes.rows()));
  }

  private static List<String> row(FailureCode code) {
    return List.of(
        Markdown.code(code.name()),
        "%d.%02d".formatted(code.coapCode() / 100, code.coapCode() % 100),
        Integer.toString(code.httpStatus()),
        code.retryable() ? "yes" : "no",
        code.logLevel().name(),
        Markdown.code(code.metricTag()));
  }
}
