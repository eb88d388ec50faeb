from django import forms
from rest_framework import serializers

from shop.models import Account


class AccountForm(forms.ModelForm):
    class Meta:
        model = Account
        # ruleid: python.django.all-model-fields
        fields = "__all__"


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        # ruleid: python.django.all-model-fields
        fields = "__all__"


class SafeForm(forms.ModelForm):
    class Meta:
        model = Account
        # ok: python.django.all-model-fields
        fields = ["name", "email"]


class ReadSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        # ok: python.django.all-model-fields
        fields = "__all__"
        read_only_fields = ["owner"]


def export():
    # ok: python.django.all-model-fields
    fields = "__all__"
    return fields
