package org.firstlight.objects.definition;

import org.firstlight.objects.value.ValueType;

/**
 * What a Resource is.
 *
 * @param multiple whether it has Resource Instances
 * @param mandatory whether every Object Instance has it
 * @param units as the definition writes them, empty when there are none
 */
public record ResourceDefinition(
    int id,
    String name,
    Operations operations,
    boolean multiple,
    boolean mandatory,
    ValueType type,
    ValueRange range,
    String units,
    String description) {}
