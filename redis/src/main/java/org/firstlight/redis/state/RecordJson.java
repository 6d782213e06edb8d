package org.firstlight.redis.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.function.Function;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;

/**
 * How the words of the fleet look in JSON: records by their components, names as texts, what is
 * absent is left out. Unknown or missing components are errors.
 */
public final class RecordJson {
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule()
                  .addSerializer(EndpointName.class, ToStringSerializer.instance)
                  .addDeserializer(EndpointName.class, text(EndpointName.class, EndpointName::new))
                  .addSerializer(Eid.class, ToStringSerializer.instance)
                  .addDeserializer(Eid.class, text(Eid.class, Eid::new)))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** An event as a stream holds it. */
  public static byte[] bytes(FleetEvent event) {
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an event has no JSON form", e);
    }
  }

  private static <T> StdDeserializer<T> text(Class<T> type, Function<String, T> make) {
    return new StdDeserializer<>(type) {
      @Override
      public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return make.apply(parser.getText());
      }
    };
  }

  private RecordJson() {}
}
