package com.example.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;

public class Mappers {
    ObjectMapper legacy() {
        ObjectMapper mapper = new ObjectMapper();
        // ruleid: java.deserialization.jackson-polymorphic-typing
        mapper.enableDefaultTyping();
        return mapper;
    }

    ObjectMapper legacyProperty() {
        ObjectMapper mapper = new ObjectMapper();
        // ruleid: java.deserialization.jackson-polymorphic-typing
        mapper.enableDefaultTyping(ObjectMapper.DefaultTyping.NON_FINAL, JsonTypeInfo.As.PROPERTY);
        return mapper;
    }

    ObjectMapper unlimited() {
        ObjectMapper mapper = new ObjectMapper();
        // ruleid: java.deserialization.jackson-polymorphic-typing
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL);
        return mapper;
    }

    Object wide() {
        // ruleid: java.deserialization.jackson-polymorphic-typing
        return BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build();
    }

    ObjectMapper limited() {
        ObjectMapper mapper = new ObjectMapper();
        // ok: java.deserialization.jackson-polymorphic-typing
        mapper.activateDefaultTyping(
            BasicPolymorphicTypeValidator.builder().allowIfSubType("com.example.json.").build(),
            ObjectMapper.DefaultTyping.NON_FINAL);
        return mapper;
    }

    ObjectMapper plain() {
        ObjectMapper mapper = new ObjectMapper();
        // ok: java.deserialization.jackson-polymorphic-typing
        mapper.findAndRegisterModules();
        return mapper;
    }
}
