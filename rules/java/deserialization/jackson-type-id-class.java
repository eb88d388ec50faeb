package com.example.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

public class Shapes {
    // ruleid: java.deserialization.jackson-type-id-class
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.PROPERTY, property = "@class")
    public Object payload;

    // ruleid: java.deserialization.jackson-type-id-class
    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
    interface Event {
    }

    // ok: java.deserialization.jackson-type-id-class
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    interface Shape {
    }

    // ok: java.deserialization.jackson-type-id-class
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    interface Deduced {
    }

    static class Circle implements Shape {
    }
}
