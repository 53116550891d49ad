"""Django REST framework: class-based views and serializers, as in its tutorial, with its default settings."""

from __future__ import annotations

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.peers.cases import MESSAGE, TITLE, posts


class MessageSerializer(serializers.Serializer):
    message = serializers.CharField()


class TitleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class PostSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    published = serializers.BooleanField()
    views = serializers.IntegerField()
    tags = serializers.ListField(child=serializers.CharField())


class AddressSerializer(serializers.Serializer):
    name = serializers.CharField()
    street = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()


class LineSerializer(serializers.Serializer):
    sku = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()
    price = serializers.IntegerField()


class OrderSerializer(serializers.Serializer):
    number = serializers.CharField()
    email = serializers.CharField()
    paid = serializers.BooleanField()
    total = serializers.IntegerField()
    note = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    address = AddressSerializer()
    lines = LineSerializer(many=True)


class HelloView(APIView):
    def get(self, request: Request) -> Response:
        return Response(MessageSerializer({"message": MESSAGE}).data)


class PostView(APIView):
    def get(self, request: Request, id: int) -> Response:
        return Response(TitleSerializer({"id": id, "title": TITLE}).data)


class OrderView(APIView):
    def post(self, request: Request) -> Response:
        serializer = OrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.validated_data)


class PostsView(APIView):
    def get(self, request: Request) -> Response:
        return Response(PostSerializer(posts(), many=True).data)


urlpatterns = [
    path("api/hello", HelloView.as_view()),
    path("api/posts/<int:id>", PostView.as_view()),
    path("api/orders", OrderView.as_view()),
    path("api/posts", PostsView.as_view()),
]
